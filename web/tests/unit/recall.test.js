//! What was written is had again, newest first.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Recall } from '../../js/core/recall.js';

const recall = (...texts) => {
  const made = new Recall();
  for (const text of texts) made.add(text);
  return made;
};

test('it goes back to the oldest and forward to nothing', () => {
  const kept = recall('one', 'two');
  assert.equal(kept.step(-1, ''), 'two');
  assert.equal(kept.step(-1, 'two'), 'one');
  assert.equal(kept.step(-1, 'one'), null);
  assert.equal(kept.step(1, 'one'), 'two');
  assert.equal(kept.step(1, 'two'), '');
  assert.equal(kept.step(1, ''), null);
  assert.equal(recall().step(-1, ''), null);
});

test('an empty field begins at the newest again', () => {
  const kept = recall('one', 'two');
  kept.step(-1, '');
  kept.step(-1, 'two');
  assert.equal(kept.step(-1, ''), 'two');
  kept.add('three');
  assert.equal(kept.step(-1, ''), 'three');
});

test('what is being written is never replaced', () => {
  const kept = recall('one', 'two');
  assert.equal(kept.step(-1, 'something else'), null);
  kept.step(-1, '');
  assert.equal(kept.step(-1, 'two, changed'), null);
  assert.equal(kept.step(1, 'one'), null);
});

test('what is written twice is kept once, and only the last fifty are', () => {
  const kept = recall('same', 'same');
  assert.equal(kept.step(-1, ''), 'same');
  assert.equal(kept.step(-1, 'same'), null);
  const many = recall(...Array.from({ length: 60 }, (_, n) => `text ${n}`));
  let shown = '';
  const seen = [];
  for (let text = many.step(-1, shown); text !== null; text = many.step(-1, shown)) {
    shown = text;
    seen.push(text);
  }
  assert.deepEqual([seen.length, seen[0], seen.at(-1)], [50, 'text 59', 'text 10']);
});
