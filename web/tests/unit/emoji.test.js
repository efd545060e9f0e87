//! Emoji: completing their names, and drawing them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, COMPLETIONS_MAX, expand } from '../../js/core/emoji.js';
import { HOSTILE, numbers, textOf } from './hostile.js';

const names = (word) => complete(word).map(({ name }) => name).join(' ');

/** All names, by what begins with two characters, or has a part that does. */
const everyName = () => {
  const signs = [...'abcdefghijklmnopqrstuvwxyz0123456789+-_'];
  const deeper = (word) => {
    const found = complete(word);
    return found.length < COMPLETIONS_MAX ? found : [...found, ...signs.flatMap((sign) => deeper(word + sign))];
  };
  const all = signs.flatMap((a) => signs.flatMap((b) => deeper(`:${a}${b}`)));
  return [...new Map(all.map(({ name, emoji }) => [name, emoji]))];
};

test('names that begin so come first, then those with a part that does', () => {
  assert.equal(names(':heart'), 'heart heart_eyes kissing_heart broken_heart two_hearts green_heart blue_heart purple_heart');
  assert.equal(complete(':he').length, COMPLETIONS_MAX);
  assert.equal(names(':BEE'), 'beer beers');
  assert.equal(names(':+1'), '+1');
  assert.deepEqual(complete(':tad'), [{ name: 'tada', emoji: '🎉' }]);
});

test('a smiley and a time complete to nothing', () => {
  for (const word of ['', ':', ':D', ':)', '::', ':x', 'heart', '10:30', ':heart:', ':(a', ': he']) assert.equal(names(word), '', word);
});

test('the table is whole', () => {
  const all = everyName();
  assert.ok(all.length >= 100, `${all.length}`);
  for (const [name, emoji] of all) {
    assert.equal(complete(`:${name}`)[0].name, name);
    assert.equal(expand(`:${name}:`), emoji);
    assert.match(emoji, /^\p{Emoji_Presentation}$|^\p{Emoji}\ufe0f$/u, name);
  }
  assert.equal(expand(':v: :x:'), '✌️ ❌');
  assert.equal(expand(':thumbsup:'), expand(':+1:'));
});

test('whole names become emoji', () => {
  assert.equal(expand('hi :wave:!'), 'hi 👋!');
  assert.equal(expand(':tada::tada:\n> (:+1:)\n> > *:-1:*'), '🎉🎉\n> (👍)\n> > *👎*');
  for (const text of ['', ':nothing:', ':constructor:', ':wave', 'wave:', 'a:wave:', ':wave:s', '1:100:2', ': wave :', ':Wave:']) {
    assert.equal(expand(text), text);
  }
});

test('code and links stay as they are', () => {
  for (const text of [
    '`:wave:`', '``a ` :wave:``', '```\n:wave:\n```', 'a\n> b\n> ```js\n> :wave:\n> ```', 'https://a.example/:wave:/', '```:wave:```',
  ]) {
    assert.equal(expand(text), text);
    assert.equal(expand(`:wave:\n${text}\n:wave:`), `👋\n${text}\n👋`);
  }
  assert.equal(expand('`:wave:\n```\n:wave:'), '`👋\n```\n👋');
});

test('nothing else is changed', () => {
  const next = numbers(4);
  const pieces = ['a', ' ', '\n', ':', ':wave', '*', '`', '```', '\n> ', '@', 'https://a.example', '😂', '\u0301'];
  for (let round = 0; round < 2000; round += 1) {
    const text = textOf(next, pieces, 30);
    assert.equal(expand(text).replaceAll('👋', ':wave:'), text);
  }
  for (const text of HOSTILE) assert.equal(expand(text), text);
});
