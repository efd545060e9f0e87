//! base64url against Node's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64url, isBase64url } from '../../js/core/base64url.js';

test('writes what Node writes', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 67) & 255);
    const text = encodeBase64url(bytes);
    assert.equal(text, Buffer.from(bytes).toString('base64url'));
    assert.ok(isBase64url(text, length));
    assert.ok(!isBase64url(text, length + 1));
  }
});

test('is strict', () => {
  for (const text of ['A', 'AB', 'AAB', 'AA==', 'A+AA', 'A/AA', 'AA A', 7, null]) assert.ok(!isBase64url(text), String(text));
  for (const text of ['', 'AA', 'AAA', 'AAAA', '_-_-']) assert.ok(isBase64url(text), text);
});
