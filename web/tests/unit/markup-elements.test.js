//! A message's text as elements: which ones, and that a text gets in as text only.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parse } from '../../js/core/markup.js';
import { mentionsOf } from '../../js/core/mentions.js';
import { markupElements } from '../../js/view/markup.js';
import { HOSTILE } from './hostile.js';

/** As much of an element as may be used; whatever else is tried fails. */
class FakeElement {
  attributes = {};
  children = [];

  constructor(name) {
    this.name = name;
    Object.preventExtensions(this);
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
  }
}

/** An element as an array: its name, its attributes if it has some, its children. */
const plain = (node) => (node instanceof FakeElement
  ? [node.name, ...(Object.keys(node.attributes).length > 0 ? [node.attributes] : []), ...node.children.map(plain)] : node);
const mentioned = mentionsOf(['Ann'], 'Bob');
const elements = (text) => markupElements(parse(text, mentioned));

before(() => {
  globalThis.document = { createElement: (name) => new FakeElement(name) };
});

test('each part has its element and its direction', () => {
  const auto = { dir: 'auto' };
  const ltr = { dir: 'ltr' };
  assert.deepEqual(elements('a\n**b *c* ~~d~~** `e`\n> @ann @bob\n> > f\n```js\ng\n```\nhttps://a.example').map(plain), [
    ['p', auto, 'a\n', ['strong', 'b ', ['em', 'c'], ' ', ['s', 'd']], ' ', ['code', ltr, 'e']],
    ['blockquote',
      ['p', auto, ['span', { class: 'mention', dir: 'auto' }, '@ann'], ' ', ['mark', { class: 'mention', dir: 'auto' }, '@bob']],
      ['blockquote', ['p', auto, 'f']]],
    ['pre', { dir: 'ltr', 'data-language': 'js' }, ['code', 'g']],
    ['p', auto, ['a', { href: 'https://a.example/', target: '_blank', rel: 'noopener noreferrer', dir: 'ltr' }, 'https://a.example']],
  ]);
});

test('markup of another kind stays text', () => {
  const text = '<img src=x onerror=alert(1)> &amp; <a href="javascript:alert(1)">';
  assert.deepEqual(elements(text).map(plain), [['p', { dir: 'auto' }, text]]);
});

test('a hostile text makes known elements, with known attributes', () => {
  const seen = new Set();
  const look = (node) => {
    if (!(node instanceof FakeElement)) return;
    seen.add([node.name, ...Object.keys(node.attributes)].join(' '));
    if (node.name === 'a') assert.match(node.attributes.href, /^(?:https?|mailto):/);
    node.children.forEach(look);
  };
  for (const text of [...HOSTILE, '`a` **b** ~~c~~ @bob']) elements(text).forEach(look);
  assert.deepEqual([...seen].sort(), [
    'a href target rel dir', 'blockquote', 'code', 'code dir', 'em', 'mark class dir', 'p dir', 'pre dir data-language', 's', 'span class dir', 'strong',
  ]);
});
