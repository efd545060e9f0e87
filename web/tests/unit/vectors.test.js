//! Frames, against the golden vectors that the server's codec is tested with.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeServerFrame, DecodeFrameError, encodeClientFrame } from '../../js/core/frames.js';
import { Drive } from './drive.js';

const CLIENT_TYPES = new Set(['hello', 'send', 'profile', 'typing', 'ping', 'bye']);

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

for (const { name, wire, same_as: sameAs } of vectors.tolerated) {
  const same = JSON.parse(sameAs);
  if (CLIENT_TYPES.has(same.t)) continue;
  test(`tolerated: ${name}`, () => {
    assert.deepEqual(decodeServerFrame(wire), same);
  });
}

for (const { name, wire } of vectors.ignored_server) {
  test(`ignored: ${name}`, () => {
    const drive = new Drive();
    drive.enter();
    drive.call('frame', wire, drive.now);
    assert.deepEqual([drive.session.state, drive.events, drive.sent, drive.asked], ['live', [], [], []]);
  });
}

for (const { name, wire } of vectors.bad_server) {
  test(`gives up the connection: ${name}`, () => {
    const drive = new Drive();
    drive.enter();
    drive.call('frame', wire, drive.now);
    assert.deepEqual([drive.session.state, drive.asked], ['stopped', [{ do: 'close', code: 4400 }]]);
  });
}
