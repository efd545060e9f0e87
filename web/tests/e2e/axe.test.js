//! What axe-core finds: nothing, in any state.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import axe from 'axe-core';

import { SIZES, Stage } from './stage.js';
import { Way } from './states.js';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** What is wrong with the page as it is now, in words. */
async function violations({ page }) {
  // By the debugger, which the page's policy doesn't bind. It is gone with each page.
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe.source);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}

test('what is wrong is found', async () => {
  const ann = await stage.window();
  await ann.page.goto(ann.url);
  await ann.button('landing.create').waitFor();
  await ann.page.evaluate(() => document.querySelector('label').remove());
  assert.match((await violations(ann)).join(), /label: #nick/);
});

// Each size in each theme, and each language twice; two at a time, as much of a way is waiting.
describe('nothing is wrong in any state', { concurrency: 2 }, () => {
  for (const [size, theme, lang] of [['phone', 'light', 'en'], ['phone', 'dark', 'ru'], ['desk', 'light', 'ru'], ['desk', 'dark', 'en']]) {
    test(`at ${SIZES[size].width} px, ${theme}, ${lang}`, async () => {
      const way = await Way.begin(stage, { size: SIZES[size], theme, lang });
      try {
        const wrong = {};
        await way.walk(async (state) => {
          const found = await violations(way.ann);
          if (found.length > 0) wrong[state] = found;
        });
        assert.deepEqual(wrong, {});
      } finally {
        await way.end();
      }
    });
  }
});

test('no policy was violated and no error shown, on any of these ways', () => assert.deepEqual(stage.faults, []));
