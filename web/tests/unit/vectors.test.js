//! Frames, against the golden vectors that the server's codec is tested with.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeServerFrame, DecodeFrameError, encodeClientFrame } from '../../js/core/frames.js';

const vectors = JSON.parse(
  readFileSync(new URL('../../../crates/chat-proto/tests/vectors/frames.json', import.meta.url), 'utf8'),
);

for (const { name, wire } of vectors.client) {
  test(`client frame: ${name}`, () => {
    assert.equal(encodeClientFrame(JSON.parse(wire)), wire);
  });
}

for (const { name, wire } of vectors.server) {
  test(`server frame: ${name}`, () => {
    assert.deepEqual(decodeServerFrame(wire), JSON.parse(wire));
  });
}

for (const { name, wire } of vectors.bad_server) {
  test(`bad server frame: ${name}`, () => {
    assert.throws(() => decodeServerFrame(wire), DecodeFrameError);
  });
}
