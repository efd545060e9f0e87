//! Mentions: nicks in a text, as the rooms compare them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsOf } from '../../js/core/mentions.js';

const NICKS = ['Ann', 'Ann Lee', 'Maße', 'Zoë', 'Σίσυφος', '李', 'Ольга', '@x', '👩\u200d🚀', 'Bob'];

/** The nick that is found behind the first `@`, with an exclamation mark where it is one's own. */
const found = (text, nicks = NICKS) => {
  const mention = mentionsOf(nicks, 'Bob')(text, text.indexOf('@'));
  return mention && `${mention.nick}${mention.own ? '!' : ''}|${text.slice(mention.end)}`;
};

test('the longest nick is meant', () => {
  assert.equal(found('hi @Ann, you'), 'Ann|, you');
  assert.equal(found('@Ann Lee you'), 'Ann Lee| you');
  assert.equal(found('@Ann Leeds'), 'Ann| Leeds');
  assert.equal(found('@@x'), '@x|');
  assert.equal(found('(@👩\u200d🚀)'), '👩\u200d🚀|)');
});

test('letter case and composition make no difference', () => {
  for (const [text, nick] of [
    ['@aNN', 'Ann'], ['@MASSE', 'Maße'], ['@MAẞE', 'Maße'], ['@zoe\u0308', 'Zoë'], ['@ZOË', 'Zoë'], ['@ΣΊΣΥΦΟΣ', 'Σίσυφος'],
    ['@ольга', 'Ольга'],
  ]) assert.equal(found(text), `${nick}|`, text);
});

test('a word that goes on is another word', () => {
  for (const text of ['@Anna', '@Ann1', '@Ann_', '@Anne\u0301', '@Ann\u0301', 'x@Ann', '1@Ann', 'é@Ann', '@', '@Zed', '@An']) {
    assert.equal(found(text), null, text);
  }
});

test('scripts without spaces need none', () => {
  assert.equal(found('你好@李你好'), '李|你好');
});

test('oneself is found too, in the list or not', () => {
  assert.equal(found('@bob'), 'Bob!|');
  assert.equal(found('@bob', ['Ann']), 'Bob!|');
  assert.equal(mentionsOf([])('@', 0), null);
});
