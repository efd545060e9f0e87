//! What is quoted in a reply, and that it is a quote where it arrives.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from '../../js/core/markup.js';
import { mentionsOf } from '../../js/core/mentions.js';
import { quoteOf } from '../../js/core/quote.js';
import { HOSTILE } from './hostile.js';

test('a short message is quoted whole, with its author', () => {
  assert.equal(quoteOf('hello', 'Ann'), '> @Ann: hello\n');
  assert.equal(quoteOf('hello'), '> hello\n');
  assert.equal(quoteOf('two\nlines', 'Ann'), '> @Ann: two\n> lines\n');
});

test('of a long one the beginning is, and that it goes on is seen', () => {
  assert.equal(quoteOf('1\n\n2\n3\n4'), '> 1\n> 2\n> 3…\n');
  assert.equal(quoteOf('x'.repeat(201)), `> ${'x'.repeat(200)}…\n`);
  assert.equal(quoteOf('x'.repeat(200)), `> ${'x'.repeat(200)}\n`);
  assert.equal(quoteOf('👋'.repeat(201)), `> ${'👋'.repeat(200)}…\n`);
  assert.equal(quoteOf(`${'x'.repeat(199)} y`), `> ${'x'.repeat(199)}…\n`);
});

test('what it quotes itself is left out, unless there is nothing else', () => {
  assert.equal(quoteOf('> @Bob: before\n> more\nafter', 'Ann'), '> @Ann: after\n');
  assert.equal(quoteOf('> one\n> > two'), '> one\n> two\n');
  assert.equal(quoteOf('>'), '> \n');
});

test('fenced code is quoted without its fence, which would not be closed', () => {
  assert.equal(quoteOf('```js\na\nb\n```\nend'), '> a\n> b\n> end\n');
});

test('a reply is one quote and the answer, whatever is quoted', () => {
  for (const text of ['hello', '* a\n**b', ...HOSTILE]) {
    const blocks = parse(`${quoteOf(text, 'Ann')}answer`, mentionsOf(['Ann']));
    assert.deepEqual(blocks.map(({ kind }) => kind), ['quote', 'lines'], JSON.stringify(text.slice(0, 50)));
    assert.deepEqual(blocks[1].parts, ['answer']);
    assert.deepEqual(blocks[0].blocks[0].parts[0], { kind: 'mention', nick: 'Ann', own: false, text: '@Ann' });
  }
});
