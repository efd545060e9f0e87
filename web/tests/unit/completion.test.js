//! Completion: what the word before the cursor may become.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsAt } from '../../js/core/completion.js';

const NICKS = ['Ann', 'Ann Lee', 'Zoë', 'Ольга', '李'];

/** What the text may become; `|` is the cursor. */
const completed = (marked) => {
  const end = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = completionsAt(text, end, NICKS);
  return found && found.words.map((word) => text.slice(0, found.from) + word + text.slice(end));
};

test('a command is completed at the beginning only', () => {
  assert.deepEqual(completed('/co|'), ['/code']);
  assert.deepEqual(completed('/|').length, 6);
  assert.deepEqual(completed('/CO|'), ['/code']);
  for (const text of ['/xy|', '//|', 'say /co|', ' /co|', '|', '/nick |']) assert.equal(completed(text), null, text);
});

test('a nick is completed to a mention, by whatever of it is written', () => {
  assert.deepEqual(completed('hi @an|, you'), ['hi @Ann, you', 'hi @Ann Lee, you']);
  assert.deepEqual(completed('hi @Ann l|'), ['hi @Ann Lee']);
  assert.deepEqual(completed('@|').length, NICKS.length);
  assert.deepEqual(completed('zoe\u0308|'), ['@Zoë']);
  assert.deepEqual(completed('спроси оЛ|'), ['спроси @Ольга']);
  assert.deepEqual(completed('@Zoë and ann|'), ['@Zoë and @Ann', '@Zoë and @Ann Lee']);
  assert.deepEqual(completed('(@李|)'), ['(@李)']);
});

test('what begins no nick is left alone', () => {
  for (const text of ['a|', 'hi |', 'Bob|', 'me@an|', '@bo|', 'An|n', 'hi, |there']) assert.equal(completed(text), null, text);
});

test('an emoji is completed by its name, and drawn', () => {
  assert.deepEqual(completed('so :coff|'), ['so ☕']);
  assert.ok(completed(':smi|').includes('😄'));
  for (const text of [':n|', 'a:coff|', '12:coff|', ':coffin|']) assert.equal(completed(text), null, text);
});
