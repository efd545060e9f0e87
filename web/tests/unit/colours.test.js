//! The colours can be told apart (WCAG 2.2, 1.4.3 and 1.4.11), in both themes.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const CSS = new URL('../../css/', import.meta.url);
const read = (name) => readFileSync(new URL(name, CSS), 'utf8');

/** Text, and what it stands on. People's colours are looked at elsewhere. */
const TEXT = {
  '--text': ['--page', '--surface', '--surface-raised', '--own', '--code', '--warning-wash'],
  '--text-quiet': ['--page', '--surface', '--own', '--code'],
  '--action': ['--page', '--surface', '--surface-raised', '--own'],
  '--action-hover': ['--surface', '--own'],
  '--action-text': ['--action', '--action-hover'],
  '--warning': ['--page', '--surface', '--warning-wash'],
  '--wrong': ['--page', '--surface'],
};

/** Borders of controls, the focus ring, and dots that say something, and what they stand on. */
const SHAPES = {
  '--border-control': ['--page', '--surface'],
  '--action': ['--page', '--surface', '--surface-raised', '--own', '--warning-wash'],
  '--good': ['--surface'],
  '--wrong': ['--surface'],
};

const SCHEMES = ['light', 'dark'];

const raw = new Map(Array.from(read('colours.css').matchAll(/(--raw-[\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\);/g), (found) => [found[1], found.slice(2)]));
const names = new Map(Array.from(read('names.css').matchAll(/(--[\w-]+): var\((--raw-[\w-]+)\);/g), ([, name, of]) => [name, of]));

/** The colour of a name in a scheme, as three numbers to 255. */
function colourOf(name, scheme) {
  const colour = raw.get(names.get(name))?.[SCHEMES.indexOf(scheme)];
  assert.ok(colour, `${name} is a colour`);
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour) {
  const [r, g, b] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What of `pairs` has less than `least`. */
function faint(pairs, least) {
  return SCHEMES.flatMap((scheme) => Object.entries(pairs).flatMap(([front, grounds]) => grounds.flatMap((ground) => {
    const found = contrast(colourOf(front, scheme), colourOf(ground, scheme));
    return found < least ? [`${front} on ${ground}, ${scheme}: ${found.toFixed(2)}`] : [];
  })));
}

test('contrast is measured as it is defined', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48');
});

test('text can be read', () => {
  assert.deepEqual(faint(TEXT, 4.5), []);
});

test('controls, the focus and states can be seen', () => {
  assert.deepEqual(faint(SHAPES, 3), []);
});

test('each colour of text and each ground of the style sheets is measured', () => {
  const known = { color: new Set(['--tint', ...Object.keys(TEXT)]), background: new Set(Object.values(TEXT).flat()) };
  // They carry no text.
  for (const name of ['--good', '--tint', '--shade']) known.background.add(name);
  const found = { color: 0, background: 0 };
  for (const name of readdirSync(CSS)) {
    for (const [, property, colour] of read(name).matchAll(/^\s+(color|background): var\((--[\w-]+)/gm)) {
      assert.ok(known[property].has(colour), `${property}: ${colour} in ${name}`);
      found[property] += 1;
    }
  }
  assert.ok(found.color > 20 && found.background > 10);
});
