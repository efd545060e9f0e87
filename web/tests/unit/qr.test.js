//! QR codes, read back by a decoder that has nothing to do with the encoder (jsqr), and held to what two other encoders draw.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import jsQR from 'jsqr';

import { symbols } from '../../js/core/bytes.js';
import { encodeQr } from '../../js/core/qr.js';
import { writeSealedToken } from '../../js/core/sealed-token.js';
import { inviteUrl, isSealed } from '../../js/core/token.js';
import { qrElement } from '../../js/view/qr.js';

/** The most bytes that each version holds, and the digest of such a code as qrcode 8.2 and segno 1.6.6 draw it. */
const FULL = [
  [14, '48f10d3d597dbd6a'], [26, '9bec374eb1e5f2f3'], [42, 'c0a475c132dbb03c'], [62, '970fa6883d37a20d'],
  [84, '2dc417aab0701588'], [106, '2303fbcb61cf21ad'], [122, '896e0fb60cd6cb54'], [152, '92620f143bc565c7'],
  [180, '78e23aa5c9d2c678'], [213, '56e8e7c4e4a0704d'], [251, 'a7fd4fbb608697df'], [287, 'a598af4e3b77dcfd'],
  [331, '77a18f50549f9c28'],
];
const MAX = 331;

/** Texts whose mask is chosen for the balance of dark and light, drawn by qrcode 8.2 with its own penalties. */
const BALANCED = [['777', '06456ee33c90e647'], ['0'.repeat(16), '8b35585f3a9ecbaf'], ['a'.repeat(22), '8c26f8b3bc408b5c']];

const SYMBOLS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A text of so many bytes, without a pattern. */
function textOf(length) {
  let seed = length;
  return Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return SYMBOLS[seed >>> 27];
  }).join('');
}

/** A code as `.` and `#`. */
const pictureOf = (rows) => rows.map((row) => row.map((dark) => (dark ? '#' : '.')).join('')).join('\n');

/** The beginning of the SHA-256 of some codes' pictures. */
function digestOf(...codes) {
  return createHash('sha256').update(codes.map(pictureOf).join('')).digest('hex').slice(0, 16);
}

/** The 15 bits of the format, the highest first, where they stand around the upper left finder. */
function formatOf(rows) {
  const below = [0, 1, 2, 3, 4, 5, 7].map((y) => rows[y][8]);
  const beside = [8, 7, 5, 4, 3, 2, 1, 0].map((x) => rows[8][x]);
  return [...below, ...beside].reverse().map(Number).join('');
}

/** What a decoder sees of a code in the middle of something dark: from afar, and where that isn't enough, from nearer by. */
function read(rows) {
  return readAt(rows, 3) ?? readAt(rows, 5);
}

/** `scale` is a module's side in pixels. */
function readAt(rows, scale) {
  const side = scale * (rows.length + 10);
  const pixels = new Uint32Array(side * side).fill(0xff00_0000);
  for (let y = scale; y < side - scale; y += 1) {
    for (let module = 1; module < rows.length + 9; module += 1) {
      const dark = rows[Math.floor(y / scale) - 5]?.[module - 5] ?? false;
      const at = y * side + module * scale;
      if (!dark) pixels.fill(0xffff_ffff, at, at + scale);
    }
  }
  return jsQR(new Uint8ClampedArray(pixels.buffer), side, side, { inversionAttempts: 'dontInvert' })?.data;
}

/** What a document needs to have for the view. */
class FakeElement {
  attributes = {};
  children = [];

  constructor(name) {
    this.name = name;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
  }
}

test('a small code is the one that others draw', () => {
  assert.equal(pictureOf(encodeQr('https://a.test')), `
#######.#.##..#######
#.....#..####.#.....#
#.###.#...#...#.###.#
#.###.#.#####.#.###.#
#.###.#.###.#.#.###.#
#.....#.##..#.#.....#
#######.#.#.#.#######
........##.#.........
#...#.###..#######..#
#.##....#.##....###..
#.#...#.#....#####.#.
.#..##.#.#..##.......
...#####....##.###.#.
........####.##.####.
#######.#....#.###.#.
#.....#...#....#....#
#.###.#.#.####..##...
#.###.#..#.....##.###
#.###.#..##...####...
#.....#..#.#.#.......
#######.#.###....#..#`.trim());
});

test('the fullest code of each version is the one that others draw', () => {
  for (const [at, [length, digest]] of FULL.entries()) {
    const rows = encodeQr(textOf(length));
    assert.equal(rows.length, 21 + 4 * at);
    assert.equal(digestOf(rows), digest, `version ${at + 1}`);
    if (length < MAX) assert.equal(encodeQr(textOf(length + 1)).length, 25 + 4 * at);
  }
});

test('the words of the format and of the version are those of the standard\'s examples', () => {
  const formats = new Set(Array.from({ length: 200 }, (_, length) => formatOf(encodeQr(textOf(length)))));
  // Annex C: level M, mask 5.
  assert.ok(formats.has('100000011001110'));
  assert.equal(formats.size, 8, 'each mask is the best of some text');
  // Annex D: version 7.
  const rows = encodeQr(textOf(122));
  const bits = Array.from({ length: 18 }, (_, n) => Number(rows[Math.floor(n / 3)][rows.length - 11 + (n % 3)]));
  assert.equal(bits.reverse().join(''), '000111110010010100');
});

test('each length is read back', () => {
  for (let length = 1; length <= MAX; length += 1) assert.equal(read(encodeQr(textOf(length))), textOf(length));
  assert.equal(encodeQr('x'.repeat(MAX + 1)), null);
});

test('the mask is the one that others choose', () => {
  const codes = Array.from({ length: MAX }, (_, n) => encodeQr(textOf(n + 1)));
  // As qrcode 8.2 draws them, with the mask for which its own penalties are the least.
  assert.equal(digestOf(...codes), '94a604d6620797ad');
  for (const [text, digest] of BALANCED) assert.equal(digestOf(encodeQr(text)), digest, text);
});

test('a length is that of the UTF-8', () => {
  assert.equal(read(encodeQr('комната #1 😀')), 'комната #1 😀');
  assert.notEqual(encodeQr('я'.repeat(165)), null);
  assert.equal(encodeQr('я'.repeat(166)), null);
});

test('each token and each link is read back', async () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, n) => (n * 151 + 7) & 0xff);
  const tokens = [symbols(bytes, 16), await writeSealedToken(bytes)];
  assert.deepEqual(tokens.map(isSealed), [false, true]);
  for (const token of tokens) {
    assert.equal(read(encodeQr(token)), token);
    for (let length = 1; length <= 253; length += 1) {
      // A label of a host name has at most 63 letters.
      const host = Array.from({ length }, (_, i) => (i % 64 === 63 && i < length - 1 ? '.' : 'abcdefghij-klmnopq0'[i % 17])).join('');
      const scheme = length % 3 === 0 ? 'http' : 'https';
      const url = inviteUrl(`${scheme}://${host}${['', ':8', ':65535'][length % 3]}${length % 2 ? '/' : '/chat/'}?a=b`, token);
      assert.equal(read(encodeQr(url)), url);
    }
  }
});

test('a spot on it is made good by its checks', () => {
  for (const [length] of FULL) {
    const rows = encodeQr(textOf(length));
    const side = Math.floor(rows.length / 5);
    for (let n = 0; n < side * side; n += 1) {
      const [x, y] = [9 + (n % side), 9 + Math.floor(n / side)];
      rows[y][x] = !rows[y][x];
    }
    assert.equal(read(rows), textOf(length), `${length} bytes`);
  }
});

test('what is seen is the code with its margin, dark on light, and has a name', (context) => {
  context.after(() => delete globalThis.document);
  globalThis.document = { createElementNS: (_, name) => new FakeElement(name) };
  for (const length of [14, 62, MAX]) {
    const rows = encodeQr(textOf(length));
    const size = rows.length + 8;
    const { attributes, children: [light, dark] } = qrElement(textOf(length));
    assert.deepEqual([attributes.role, attributes.viewBox], ['img', `0 0 ${size} ${size}`]);
    assert.match(attributes['aria-label'], /QR/);
    assert.deepEqual(light.attributes, { fill: '#fff', d: `M0 0h${size}v${size}h-${size}z` });
    assert.equal(dark.attributes.fill, '#000');
    const seen = Array.from({ length: size }, () => new Array(size).fill(false));
    const rest = dark.attributes.d.replace(/M(\d+) (\d+)h(\d+)v1h-\3z/g, (_, x, y, run) => {
      seen[y].fill(true, Number(x), Number(x) + Number(run));
      return '';
    });
    assert.equal(rest, '');
    assert.equal(pictureOf(seen.slice(4, -4).map((row) => row.slice(4, -4))), pictureOf(rows));
    assert.equal(seen.flat().filter(Boolean).length, rows.flat().filter(Boolean).length, 'the margin is light');
  }
  assert.equal(qrElement('x'.repeat(MAX + 1)), null);
});
