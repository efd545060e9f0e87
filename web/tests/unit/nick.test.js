//! Nicknames: the same rules as the server's, case by case.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNick, ParseNickError } from '../../js/core/nick.js';

const parse = (text) => parseNick(text, { plain: true });

const refused = (text) => {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof ParseNickError);
    return error.code;
  }
  return assert.fail(`${JSON.stringify(text)} was taken`);
};

test('any script is welcome', () => {
  for (const nick of [
    'Ann', "O'Neil-Smith 2", 'Ольга', '李小龙', 'عائشة', 'שרה', 'می\u200cخواهم', 'ක්\u200dෂ', 'ไอซ์', '❤\ufe0f',
    '👩\u200d❤\ufe0f\u200d👨', '1\ufe0f\u20e3', '葛\u{e0100}城', '.',
  ]) {
    assert.equal(parse(nick), nick);
  }
});

test('a nick is normalised, not refused', () => {
  assert.equal(parse('e\u0301'), 'é');
  assert.equal(parse('\u212b'), 'Å');
});

test('length counts after normalising', () => {
  assert.equal(parse('e\u0301'.repeat(32)), 'é'.repeat(32));
  assert.equal(parse('x'.repeat(32)).length, 32);
  assert.equal(refused('x'.repeat(33)), 'too_long');
  assert.equal(parse('李'.repeat(21)), '李'.repeat(21));
  assert.equal(refused('李'.repeat(22)), 'too_long');
  assert.equal(parse('\u03b1\u0313\u0300\u0345'.repeat(21)), '\u1f82'.repeat(21));
  assert.equal(refused('x'.repeat(1_000_000)), 'too_long');
});

test('what is refused says why', () => {
  const table = {
    empty: [''],
    control: ['a\tb', 'ann\n', '\0', 'a\u0085b', 'a\u007f', 'a\u2028b', 'a\u2029b'],
    bidi: ['\u202e', '\u2066', '\u2069', '\u061c', '\u200e', '\u200f'].map((c) => `a${c}b`),
    invisible: [
      'a\u00adb', 'a\u200bb', 'a\u2060b', '\ufeffa', '\u3164', 'a\u115f', '🏴\u{e0067}\u{e007f}', 'a\u034fb',
      '\u2800', '\u2800\u2800', '\u0301', '\u2800\u0301', '\ufe0f', '\ufe0fa', 'a \ufe0fb', 'a\ufe0f\ufe0f',
      'a\ufe0e\u{e0100}',
    ],
    space: [' ', ' a', 'a ', 'a\u00a0', '\u3000a', 'a\u2003'],
    broken: ['a\ud800', '\udc00b'],
    colon: ['a:b', ':'],
  };
  for (const [code, texts] of Object.entries(table)) {
    for (const text of texts) {
      // U+FEFF is no white space to Unicode.
      assert.equal(refused(text), code, JSON.stringify(text));
    }
  }
});

test('joiners stand between visible characters', () => {
  for (const joiner of ['\u200c', '\u200d']) {
    for (const text of ['J', 'Ja', 'aJ', 'aJJb', 'a Jb', 'aJ b', 'aJ\ufe0fb', '\u2800Jb']) {
      assert.equal(refused(text.replaceAll('J', joiner)), 'invisible', text);
    }
  }
});

test('a colon is fine where nobody is in plain mode', () => {
  assert.equal(parseNick('a:b', { plain: false }), 'a:b');
});
