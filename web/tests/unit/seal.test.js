//! Sealing, against the values that other implementations agree on, and what follows from counting.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as base64url from '../../js/core/base64url.js';
import { filled, pad, unpad } from '../../js/core/padding.js';
import * as seal from '../../js/core/seal.js';
import * as sealedToken from '../../js/core/sealed-token.js';
import { parseStrictObject } from '../../js/core/strict-json.js';
import * as token from '../../js/core/token.js';
import { checkSealing } from '../vectors/seal-checks.js';

const VECTORS = new URL('../../../crates/chat-seal/tests/vectors/seal-v1.json', import.meta.url);

test('every vector', async () => {
  const vectors = JSON.parse(readFileSync(VECTORS, 'utf8'));
  const { checks, failures } = await checkSealing(vectors, { seal, sealedToken, token, base64url });
  assert.deepEqual(failures, []);
  assert.ok(checks > 150, `${checks} checks`);
});

async function room() {
  const keys = await seal.RoomKeys.derive(crypto.getRandomValues(new Uint8Array(16)));
  const sealer = await seal.Sealer.generate(keys);
  return { keys, sealer, spk: base64url.encodeBase64url(sealer.spk), opener: new seal.Opener(keys) };
}

test('numbers are taken in the order of the calls, and each once', async () => {
  const { sealer } = await room();
  const sealed = await Promise.all(['a', 'b', 'c'].map((text) => sealer.sealText('Ann', 1, text)));
  assert.deepEqual(sealed.map(({ n }) => n), [0, 1, 2]);
  assert.equal((await sealer.sealProfile('Ann')).n, 0);
});

test('what is missing, doubled or late is seen', async () => {
  const { sealer, spk, opener } = await room();
  const all = [];
  for (let n = 0; n < 8; n += 1) all.push(await sealer.sealText('Ann', 1, String(n)));
  const open = async (n) => {
    const opened = await opener.openMessage(spk, all[n]);
    return opened.kind === 'text' ? opened.missing : opened.kind;
  };
  assert.equal(await open(1), 0);
  assert.equal(await open(2), 0);
  assert.equal(await open(2), 'repeat');
  assert.equal(await open(0), 'repeat');
  assert.equal(await open(4), 1);
  opener.interrupt();
  assert.equal(await open(3), 'repeat');
  assert.equal(await open(6), 0);
  assert.equal(await open(7), 0);
});

test('the newest profile wins', async () => {
  const { sealer, spk, opener } = await room();
  const [old, young] = [await sealer.sealProfile('Ann'), await sealer.sealProfile('Anna')];
  assert.deepEqual(await opener.openProfile(spk, young), { kind: 'profile', nick: 'Anna' });
  assert.deepEqual(await opener.openProfile(spk, old), { kind: 'old' });
});

test('any text opens as it was sealed, with the length that was foretold', async () => {
  const { sealer, spk, opener } = await room();
  for (const text of ['', 'Привет, 世界 👋🏽\n"\\', '\u0000\u001f', 'x'.repeat(16_384)]) {
    const sealed = await sealer.sealText('Zoë', 7, text);
    assert.equal(base64url.decodeBase64url(sealed.ct).length, seal.sealedLength('Zoë', 7, text));
    const opened = await opener.openMessage(spk, sealed);
    assert.deepEqual([opened.nick, opened.ts, opened.text], ['Zoë', 7, text]);
  }
});

test('keys stay in the browser', async () => {
  const { keys, sealer } = await room();
  assert.equal((await keys.senderKey(sealer.spk, ['encrypt'])).extractable, false);
});

test('padding is the smallest that fits, and nothing else unpads', () => {
  for (const length of [0, 1, 126, 127, 128, 255, 256, 4095, 4096, 8191, 8192]) {
    const text = new Uint8Array(length).fill(120);
    assert.equal(pad(text).length, filled(length));
    assert.deepEqual(unpad(pad(text)), text);
  }
  for (const wrong of [[], [0x80], new Array(128).fill(0), [...pad(new Uint8Array(0)), ...new Array(128).fill(0)]]) {
    assert.equal(unpad(Uint8Array.from(wrong)), null);
  }
});

test('JSON is read strictly', () => {
  assert.equal(parseStrictObject(' {"a" : "x\\u00e9\\ud83d\\ude00\\/", "b":[0,{"c":null}]} ').get('a'), 'xé😀/');
  const nested = (levels) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
  assert.ok(parseStrictObject(nested(8)));
  for (const text of [
    '', 'null', '[]', '{', '{}x', '{,}', '{"a":1,}', '{"a"}', '{a:1}', '{"a":01}', '{"a":-1}', '{"a":1.0}', '{"a":1e2}',
    '{"a":9007199254740992}', '{"a":"\\ud800"}', '{"a":"\\udc00"}', '{"a":"\\x"}', '{"a":"\n"}', '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}', '{"x":{"a":1,"a":2}}', '{"a":tru}', '{"a":[1,]}', '{"a":NaN}', '\ufeff{}', nested(9),
    '['.repeat(100_000), '{"__proto__":1,"__proto__":2}',
  ]) assert.equal(parseStrictObject(text), null, text.slice(0, 40));
});
