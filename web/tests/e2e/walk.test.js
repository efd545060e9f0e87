//! The whole way from landing to leaving: each state in both sizes, themes and languages, with a picture of each.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { misfits } from './fit.js';
import { SIZES, Stage } from './stage.js';
import { Way } from './states.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

async function walk(look, name) {
  const way = await Way.begin(stage, look);
  try {
    const wrong = {};
    await way.walk(async (state) => {
      if (name !== null) await way.ann.screenshot(`walk-${state}-${name}`);
      const found = await misfits(way.ann.page);
      if (found.length > 0) wrong[state] = found;
    });
    assert.deepEqual(wrong, {});
  } finally {
    await way.end();
  }
}

// Two at a time: much of a way is waiting.
describe('in each state all fits', { concurrency: 2 }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    for (const theme of ['light', 'dark']) {
      for (const lang of ['en', 'ru']) {
        test(`at ${size.width} px, ${theme}, ${lang}`, () => walk({ size, theme, lang }, `${name}-${theme}-${lang}`));
      }
    }
  }
  // In the language with the longer words.
  test('at 320 px, light, ru', () => walk({ size: { width: 320, height: 600 }, theme: 'light', lang: 'ru' }, null));
});

test('no policy was violated and no error shown, on any of these ways', () => assert.deepEqual(stage.faults, []));
