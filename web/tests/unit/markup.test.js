//! What a message's text means, and that nothing in it does harm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, QUOTES_MAX } from '../../js/core/blocks.js';
import { MARKS_MAX, OPEN_MAX, parse } from '../../js/core/markup.js';
import { mentionsOf } from '../../js/core/mentions.js';
import { LINK_MAX, piecesOf } from '../../js/core/pieces.js';
import { HOSTILE, numbers, textOf } from './hostile.js';

const mentioned = mentionsOf(['Ann', 'Ann Lee'], 'Bob');

const SIGNS = { bold: 'b', italic: 'i', struck: 's', code: 'c', link: 'a', mention: '@' };
const drawn = (part) => (typeof part === 'string' ? part : `<${SIGNS[part.kind]} ${part.text ?? part.parts.map(drawn).join('')}>`);
const drawnBlock = (block) => ({
  lines: () => block.parts.map(drawn).join(''),
  quote: () => `<q ${block.blocks.map(drawnBlock).join('|')}>`,
  fence: () => `<f${block.language} ${block.text}>`,
})[block.kind]();
/** The meaning of a text: `<b bold>`, `<i italic>`, `<s struck>`, `<c code>`, `<a link>`, `<@ mention>`, `<q quote>`, `<f fenced code>`. */
const read = (text) => parse(text, mentioned).map(drawnBlock).join('|');

const check = (table) => {
  for (const [text, meaning] of table) assert.equal(read(text), meaning, JSON.stringify(text));
};
const checkText = (texts) => check(texts.map((text) => [text, text]));

/** What one sees of a block, or a part. */
const visible = (node) => (typeof node === 'string' ? node
  : node.text !== undefined ? `${node.language ?? ''}${node.text}`
  : node.blocks ? node.blocks.map(visible).join('\n') : node.parts.map(visible).join(''));
const inside = (node) => node.blocks ?? node.parts ?? [];
/** How much was made of a text, strings aside. */
const made = (node) => inside(node).reduce((sum, inner) => sum + made(inner), typeof node === 'string' ? 0 : 1);
const depth = (node) => 1 + Math.max(0, ...inside(node).map(depth));

test('the data is plain', () => {
  assert.deepEqual(parse('a **b**\n> `c` https://a.example @bob\n```js\nd\n```', mentioned), [
    { kind: 'lines', parts: ['a ', { kind: 'bold', parts: ['b'] }] },
    { kind: 'quote', blocks: [{ kind: 'lines', parts: [
      { kind: 'code', text: 'c' }, ' ', { kind: 'link', href: 'https://a.example/', text: 'https://a.example' }, ' ',
      { kind: 'mention', nick: 'Bob', own: true, text: '@bob' },
    ] }] },
    { kind: 'fence', language: 'js', text: 'd' },
  ]);
});

test('marks stand around words, in each other, and in their line', () => {
  check([
    ['**a** *b* ~~c~~', '<b a> <i b> <s c>'],
    ['**a *b* ~~c~~**', '<b a <i b> <s c>>'],
    ['***a***', '<i <b a>>'],
    ['***a** b*', '<i <b a> b>'],
    ['***a* b**', '<b <i a> b>'],
    ['**a *b***', '<b a <i b>>'],
    ['*a **b***', '<i a <b b>>'],
    ['(*a*), "**b**"!', '(<i a>), "<b b>"!'],
    ['**x*', '*<i x>'],
    ['~~a **b~~ c**', '<s a **b> c**'],
    ['*a *b *c *d *e **f**', '*a *b *c *d *e <b f>'],
    ['这是**重点**哦', '这是<b 重点>哦'],
    ['*שלום*', '<i שלום>'],
  ]);
  checkText([
    '2*3*4', 'a*b* c', '*a*b', '* a*', '*a *', 'a * b * c', '* a *', '*a\nb*', 'snake*case*word', '**a', 'a**', '****a****', '~a~', '~~~a~~~', '~~ a ~~', '_a_', '#a',
    '*', '**', '****', '\\', '<b>a</b>', '[a](b)', '&amp;',
  ]);
});

test('code is left alone', () => {
  check([
    ['`a`', '<c a>'],
    ['`*a* @Ann https://a.example`', '<c *a* @Ann https://a.example>'],
    ['``a`b`` ```c``d```', '<c a`b> <c c``d>'],
    ['*a `b* c` d*', '<i a <c b* c> d>'],
    ['`a `` `b`', '<c a `` >b`'],
  ]);
  checkText(['`a', '`a``', '`a\nb`', '````a````', '`']);
});

test('fenced code is a block', () => {
  check([
    ['```\na\n  *b*\n\n> c\n```', '<f a\n  *b*\n\n> c>'],
    ['a\n```js\nb\n```\nc', 'a|<fjs b>|c'],
    ['```c++ \r\nb\n```  ', '<fc++ b>'],
    ['```a b\nc```', '<f a b\nc>'],
    ['```\na\n```\n```\nb\n```', '<f a>|<f b>'],
    ['```yes\n```', '<f yes>'],
    ['```\n```', '<f >'],
    ['```a```\n```b```', '<c a>\n<c b>'],
  ]);
  checkText(['```', '```\na', 'a\n```\n*b', 'a ```\nb\n```']);
});

test('quotes begin at a line', () => {
  check([
    ['> a', '<q a>'],
    ['> a\n> *b*\nc', '<q a\n<i b>>|c'],
    ['a\n>\n> b', 'a|<q \nb>'],
    ['> a\n\n> b', '<q a>||<q b>'],
    ['> > a\n> b', '<q <q a>|b>'],
    ['> ```\n> a\n> ```\nb', '<q <f a>>|b'],
    ['> ```\n> a\n```', '<q ```\na>|```'],
    ['> '.repeat(QUOTES_MAX + 2) + 'a', `${'<q '.repeat(QUOTES_MAX)}> > a${'>'.repeat(QUOTES_MAX)}`],
  ]);
  checkText(['>a', '>:(', '>>> a', '>_<', ' > a', 'a > b']);
});

test('links are addresses with their scheme, without what the sentence adds', () => {
  check([
    ['see https://a.example/b?c=d#e.', 'see <a https://a.example/b?c=d#e>.'],
    ['(http://a.example)', '(<a http://a.example>)'],
    ['(see HTTPS://a.example/x_(y)), ok', '(see <a HTTPS://a.example/x_(y)>), ok'],
    ['[https://a.example/] [b](https://b.example/)', '[<a https://a.example/>] [b](<a https://b.example/>)'],
    ['**https://a.example/**, *b*', '<b <a https://a.example/>>, <i b>'],
    ['https://a.example/a*b*c @Ann', '<a https://a.example/a*b*c> <@ @Ann>'],
    ['<https://a.example>"https://b.example"', '<<a https://a.example>>"<a https://b.example>"'],
    ['https://a.example\u202e/b', '<a https://a.example>\u202e/b'],
    ['看https://a.example/看。', '看<a https://a.example/看>。'],
    ['http://[::1]:80/', '<a http://[::1]:80/>'],
    ['mailto:ann@a.example.', '<a mailto:ann@a.example>.'],
  ]);
  checkText([
    'a.example', 'www.a.example', '//a.example', 'ftp://a.example', 'javascript:alert(1)', 'data:text/html,a', 'xhttps://a.example', 'http://',
    'https://.', 'mailto:', 'https://bank.example@a.example', 'https://:p@a.example', 'http:\/\/[*a*', `https://a.example/${'a'.repeat(LINK_MAX)}`,
  ]);
});

test('a link leads where it says', () => {
  const [{ parts: [{ href }] }] = parse('HTTPS://A.example/б?"');
  assert.equal(href, 'https://a.example/%D0%B1');
});

test('mentions are found in marks, not in words', () => {
  check([
    ['@ann, **@Ann Lee**: hi', '<@ @ann>, <b <@ @Ann Lee>>: hi'],
    ['> @BOB', '<q <@ @BOB>>'],
  ]);
  checkText(['@Zed', 'a@Ann', '@']);
  assert.deepEqual(parse('@Ann'), [{ kind: 'lines', parts: ['@Ann'] }]);
});

test('what was marked is read back', () => {
  const next = numbers(1);
  const marks = { bold: '**', italic: '*', struck: '~~' };
  const grow = (kinds) => {
    const inner = kinds.flatMap((kind) => (next(2) === 0 ? []
      : [{ kind, parts: grow(kinds.filter((other) => other !== kind)) }, textOf(next, [' ', ', ', '\u05d0 '], 3) + 'b']));
    return ['a ', ...inner.flatMap((part) => (typeof part === 'string' ? [` ${part} `] : [part])), 'c'].reduce((made, part) => {
      if (typeof part === 'string' && typeof made.at(-1) === 'string') made.push(made.pop() + part);
      else made.push(part);
      return made;
    }, []);
  };
  const write = (part) => (typeof part === 'string' ? part : `${marks[part.kind]}${part.parts.map(write).join('')}${marks[part.kind]}`);
  for (let round = 0; round < 500; round += 1) {
    const parts = grow(Object.keys(marks));
    const text = parts.map(write).join('');
    assert.deepEqual(parse(text), [{ kind: 'lines', parts }], text);
  }
});

test('text without marks is unchanged', () => {
  const next = numbers(2);
  const pieces = ['a', 'é', ' ', '\n', '\t', '<', '&', '>', '_', '"', ':', '/', '.', '(', '[', '😂', '\u0301', '\u05d0', '李', '\u200b', '\ud800', '#', '\\'];
  for (let round = 0; round < 2000; round += 1) {
    // A line that begins with `> ` is a quote.
    const text = textOf(next, pieces, 40).replace(/^>/gm, '.');
    assert.deepEqual(parse(text, mentioned), [{ kind: 'lines', parts: text === '' ? [] : [text] }]);
  }
});

test('nothing but marks gets lost', () => {
  const next = numbers(3);
  const pieces = ['a', 'b', ' ', ' ', '\n', '*', '**', '~~', '`', '```', '\n```', '> ', '\n> ', '@Ann', '@', 'https://a.example', 'http:\/\/[', '(', ')', '.', '李'];
  const rest = (text) => text.replace(/[*~`>\s]/g, '');
  for (let round = 0; round < 5000; round += 1) {
    const text = textOf(next, pieces, 30);
    const seen = parse(text, mentioned).map(visible).join('\n');
    assert.equal(rest(seen), rest(text), JSON.stringify(text));
    assert.ok(seen.length <= text.length);
    for (const line of text.split('\n')) {
      assert.equal(piecesOf(line, mentioned).map(([source]) => source).join(''), line);
    }
  }
});

test('however hostile a text is, little is made of it', () => {
  for (const text of [...HOSTILE, HOSTILE.join('')]) {
    const name = JSON.stringify(text.slice(0, 12));
    const blocks = parse(text, mentioned);
    const seen = blocks.map(visible).join('\n');
    assert.ok(seen.length <= text.length, name);
    // Lines stand around and in what is a block of its own.
    assert.ok(made({ blocks }) <= 3 * MARKS_MAX + 2, name);
    assert.ok(Math.max(...blocks.map(depth)) <= QUOTES_MAX + 3 * OPEN_MAX + 2, name);
  }
});

test('each line and each @ is read once', () => {
  for (const text of HOSTILE) {
    const lines = text.split('\n');
    let last = -1;
    blocksOf(text, (line, number) => {
      assert.ok(number > last && lines[number].endsWith(line));
      last = number;
      return [];
    }, { left: MARKS_MAX });
    const places = [];
    parse(text, (line, at) => {
      places.push(at);
      return null;
    });
    assert.ok(places.length <= text.split('@').length - 1);
  }
});

test('the marks that are most go to what comes first', () => {
  const [{ parts }] = parse('*a* '.repeat(MARKS_MAX + 2));
  assert.equal(parts.filter((part) => part.kind === 'italic').length, MARKS_MAX);
  assert.equal(parts.at(-1), ' *a* *a* ');
  const [odd] = parse(`*a* ${'***b*** '.repeat(MARKS_MAX)}`);
  assert.equal(made(odd), 1 + MARKS_MAX);
});
