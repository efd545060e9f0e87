//! The server's key: as it is typed, asked for and shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseCreateKey, ParseCreateKeyError } from '../../js/core/create-key.js';
import { Hello } from '../../js/core/hello.js';
import { createRoom } from '../../js/io/rooms.js';

const ROOM = { room: 'AAAAAAAAAAAAAAAAAAAAAA', key: 'AQEBAQEBAQEBAQEBAQEBAQ' };

const welcome = { inst: 'AAAAAAAAAAAAAAAAAAAAAA', now: 5000, room: { expires: 3_605_000, history: 0, max: 2 } };

test('a key is what a header can carry', () => {
  assert.equal(parseCreateKey(' open-sesame!\r\n'), 'open-sesame!');
  assert.equal(parseCreateKey('k'.repeat(256)).length, 256);
  for (const [text, code] of [
    ['', 'empty'], [' \n', 'empty'], ['k'.repeat(257), 'too_long'], ['open sesame', 'character'], ['ключ', 'character'], ['a\tb', 'character'],
  ]) {
    assert.throws(() => parseCreateKey(text), (error) => error instanceof ParseCreateKeyError && error.code === code, text);
  }
});

test('it is shown where a room is opened, and nowhere else', () => {
  const hello = new Hello({ ...ROOM, create: true, createKey: 'open-sesame' });
  assert.equal(hello.frame('Ann', 0, 1000).create_key, 'open-sesame');
  hello.answered(welcome, 100_000);
  const again = hello.frame('Ann', 3, 200_000);
  assert.deepEqual([again.create, again.create_key], [true, 'open-sesame']);
  // The room's time is over.
  assert.equal(hello.frame('Ann', 3, 100_000 + 3_600_000).create_key, undefined);

  const joins = new Hello({ ...ROOM, createKey: 'open-sesame' });
  assert.equal(joins.frame('Ann', 0, 1000).create_key, undefined);
  joins.answered(welcome, 100_000);
  assert.equal(joins.frame('Ann', 3, 200_000).create_key, 'open-sesame');

  const plain = new Hello({ token: '01ab-0101-wxyz-0000', key: ROOM.key, createKey: 'open-sesame' });
  plain.answered(welcome, 100_000);
  assert.equal(plain.frame('Ann', 3, 200_000).create_key, undefined);
});

test('a plain room is asked for with it in a header, and never in the address', async (t) => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', (url, { headers }) => {
    asked.push([String(url), headers]);
    return Promise.resolve(Response.json({ error: 'create_key', message: 'm' }, { status: 401 }));
  });
  const refused = (key) => assert.rejects(createRoom('http://localhost/create', { max: 2 }, key), (error) => error.code === 'create_key');
  await refused('open-sesame');
  await refused(undefined);
  assert.deepEqual(asked, [
    ['http://localhost/create?max=2', { Authorization: 'Bearer open-sesame' }], ['http://localhost/create?max=2', {}],
  ]);
});
