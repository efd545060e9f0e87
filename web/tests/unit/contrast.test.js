//! Whatever is written can be read: the contrast of the page's colours, by its style sheets, in both themes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { TINTS } from '../../js/core/tint.js';

/** What text needs (WCAG 2.2, 1.4.3), and what shapes need that say something (1.4.11). */
const TEXT = 4.5;
const SHAPE = 3;

const sheet = (name) => readFileSync(new URL(`../../css/${name}.css`, import.meta.url), 'utf8');
const tints = Array.from({ length: TINTS }, (_, n) => `--tint-${n}`);

/** What is written in these colours, on what. */
const WRITTEN = [
  // Names, above messages and wherever else they may come to stand.
  [tints, ['--page', '--surface', '--surface-raised', '--own']],
  [['--text', '--text-quiet'], ['--page', '--surface', '--surface-raised', '--own', '--code']],
  // Links in messages, what is new.
  [['--action'], ['--page', '--surface', '--own']],
  [['--action-hover'], ['--surface', '--own']],
  [['--action-text'], ['--action', '--action-hover']],
  [['--warning'], ['--page', '--warning-wash']],
  [['--text'], ['--warning-wash']],
  [['--wrong'], ['--page', '--surface', '--wrong-wash']],
];

/** What is drawn in these: dots, borders of controls. */
const DRAWN = [
  [[...tints, '--good'], ['--page', '--surface']],
  [['--border-control'], ['--page', '--surface']],
];

/** All custom properties of a theme. */
function properties(theme) {
  const raw = sheet('colours');
  const [light, dark] = [raw, raw.slice(raw.indexOf('(prefers-color-scheme: dark)'))];
  assert.ok(dark.length < light.length);
  const found = new Map();
  const read = (text, name = (own) => own) => {
    for (const [, own, value] of text.matchAll(/(--[\w-]+):\s*([^;]+);/g)) found.set(name(own), value.trim());
  };
  read(light.slice(0, -dark.length));
  if (theme === 'dark') read(dark);
  read(sheet('names').replace(/\.(tint-\d+) \{ --tint:/g, '--$1:'));
  return found;
}

/** A colour's red, green and blue, from 0 to 1. */
function colour(found, name) {
  const value = found.get(name);
  const [, other] = /^var\((--[\w-]+)\)$/.exec(value) ?? [];
  if (other !== undefined) return colour(found, other);
  assert.match(value, /^#[\da-f]{6}$/i, name);
  return [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16) / 255);
}

/** By WCAG's definitions of relative luminance and contrast ratio. */
function contrast(one, other) {
  const [light, dark] = [one, other].map((rgb) => {
    const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test('contrast is what it is known to be', () => {
  assert.equal(contrast([0, 0, 0], [1, 1, 1]), 21);
  assert.equal(contrast([1, 1, 1], [1, 1, 1]), 1);
  const grey = [0x77 / 255, 0x77 / 255, 0x77 / 255];
  assert.equal(contrast(grey, [1, 1, 1]).toFixed(2), '4.48');
});

for (const theme of ['light', 'dark']) {
  test(`all that is written or drawn is seen, in the ${theme} theme`, () => {
    const found = properties(theme);
    const poor = [];
    for (const [pairs, least] of [[WRITTEN, TEXT], [DRAWN, SHAPE]]) {
      for (const [names, grounds] of pairs) {
        for (const name of names) {
          for (const ground of grounds) {
            const ratio = contrast(colour(found, name), colour(found, ground));
            if (ratio < least) poor.push(`${name} on ${ground}: ${ratio.toFixed(2)} of ${least}`);
          }
        }
      }
    }
    assert.deepEqual(poor, []);
  });
}

test('the themes are two, and every tint is a colour of its own', () => {
  for (const theme of ['light', 'dark']) {
    const found = properties(theme);
    assert.equal(new Set(tints.map((tint) => String(colour(found, tint)))).size, TINTS);
  }
  assert.notDeepEqual(colour(properties('light'), '--page'), colour(properties('dark'), '--page'));
});
