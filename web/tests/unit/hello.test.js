//! How a room is wished, at first and on coming back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Hello } from '../../js/core/hello.js';

const OPTIONS = { room: 'AAAAAAAAAAAAAAAAAAAAAA', key: 'AQEBAQEBAQEBAQEBAQEBAQ' };
const WISHES = { ttl_s: 3600, max: 2, history: 0 };

const welcome = (room) => ({ inst: 'AAAAAAAAAAAAAAAAAAAAAA', now: 5000, room: { expires: 3_605_000, history: 0, max: 2, ...room } });

test('who opens a room says how until that is answered', () => {
  const hello = new Hello({ ...OPTIONS, create: true, opts: WISHES });
  for (const now of [1000, 2000]) {
    const frame = hello.frame('Ann', 0, now);
    assert.deepEqual([frame.create, frame.opts, frame.resume], [true, WISHES, undefined]);
  }
});

test('who joins a room wishes nothing of it', () => {
  const { create, opts } = new Hello(OPTIONS).frame('Ann', 0, 1000);
  assert.deepEqual([create, opts], [undefined, undefined]);
});

test('who comes back wishes the room as it was, for what is left of it', () => {
  const hello = new Hello({ ...OPTIONS, create: true, opts: { ...WISHES, ttl_s: 86_400 } });
  hello.answered(welcome(), 100_000);
  const again = hello.frame('Ann', 3, 700_500);
  assert.deepEqual([again.create, again.opts], [true, { ttl_s: 2999, max: 2, history: 0 }]);
  hello.answered(welcome({ max: 0 }), 100_000);
  assert.deepEqual(hello.frame('Ann', 3, 100_000).opts, { ttl_s: 3600, max: undefined, history: 0 });
});

test('a room that is over is not opened again by coming back', () => {
  const hello = new Hello({ ...OPTIONS, create: true, opts: WISHES });
  hello.answered(welcome(), 100_000);
  const { create, opts } = hello.frame('Ann', 3, 100_000 + 3_600_000);
  assert.deepEqual([create, opts], [undefined, undefined]);
});

test('a plain room is never opened by a hello', () => {
  const hello = new Hello({ token: '01ab-0101-wxyz-0000', key: OPTIONS.key });
  hello.answered(welcome(), 100_000);
  const { create, opts } = hello.frame('Ann', 3, 100_000);
  assert.deepEqual([create, opts], [undefined, undefined]);
});
