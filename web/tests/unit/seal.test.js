//! Sealing, against the values that other implementations agree on, and what follows from counting.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as base64url from '../../js/core/base64url.js';
import { filled, pad, unpad } from '../../js/core/padding.js';
import * as seal from '../../js/core/seal.js';
import * as sealedToken from '../../js/core/sealed-token.js';
import { Senders } from '../../js/core/senders.js';
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
  for (let n = 0; n < 10; n += 1) all.push(await sealer.sealText('Ann', 1, String(n)));
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
  assert.equal(await open(9), 1);
});

test('what is handed over all at once is opened in that order', async () => {
  const { sealer, spk, opener } = await room();
  // The long one takes the longest to verify.
  const texts = ['x'.repeat(2_000_000), 'b', 'c', 'd'];
  const all = await Promise.all(texts.map((text) => sealer.sealText('Ann', 1, text)));
  const ended = [];
  const open = (n) => opener.openMessage(spk, all[n]).then(({ kind, missing }) => ended.push([n, missing ?? kind]));
  const opening = [open(0), open(1), open(1)];
  opener.interrupt();
  await Promise.all([...opening, open(3)]);
  assert.deepEqual(ended, [[0, 0], [1, 0], [1, 'repeat'], [3, 0]]);
});

test('what is sealed is ready in the order of the numbers', async () => {
  const { sealer } = await room();
  const ended = [];
  const sealing = ['x'.repeat(2_000_000), 'b', 'c'].map(async (text) => {
    const { n } = await sealer.sealText('Ann', 1, text);
    ended.push(n);
  });
  await Promise.all(sealing);
  assert.deepEqual(ended, [0, 1, 2]);
});

test('a number that others could not read is never sealed under', async () => {
  const { keys, sealer } = await room();
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  const key = await keys.senderKey(sealer.spk, ['encrypt']);
  const sealUnder = (n) => seal.sealInside(keys, privateKey, key, sealer.spk, 1, n, new Uint8Array(1));
  assert.equal((await sealUnder(Number.MAX_SAFE_INTEGER)).n, Number.MAX_SAFE_INTEGER);
  await assert.rejects(sealUnder(Number.MAX_SAFE_INTEGER + 1), RangeError);
});

test('what a sender says that is no message, of a newer client or by no good name', async () => {
  const keys = await seal.RoomKeys.derive(new Uint8Array(16));
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  const spk = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const key = await keys.senderKey(spk, ['encrypt']);
  const opener = new seal.Opener(keys);
  const message = '"ts":1,"text":"hi"';
  const expected = [
    [1, '{"k":"image"}', { kind: 'newer' }],
    [1, `{"k":1,${message}}`, { kind: 'unverifiable' }],
    [1, `{${message}}`, { kind: 'unverifiable' }],
    [1, '{"k":"text","ts":"1","text":"hi"}', { kind: 'unverifiable' }],
    ...['"nick":"a\\u0007",', '"nick":7,', ''].map((nick) => (
      [1, `{"k":"text",${nick}${message}}`, { kind: 'text', nick: null, ts: 1, text: 'hi', missing: 0 }]
    )),
    [2, '{"nick":"\\u202e"}', { kind: 'profile', nick: null }],
    [2, '{}', { kind: 'profile', nick: null }],
    [2, '[]', { kind: 'unverifiable' }],
  ];
  for (const [n, [kind, inside, opened]] of expected.entries()) {
    const sealed = await seal.sealInside(keys, pair.privateKey, key, spk, kind, n, new TextEncoder().encode(inside));
    const name = base64url.encodeBase64url(spk);
    const found = kind === 1 ? await opener.openMessage(name, sealed) : await opener.openProfile(name, sealed);
    assert.deepEqual(found, opened, inside);
  }
});

test('bytes of any length are refused and not thrown about', async () => {
  const { sealer, spk, opener } = await room();
  const good = await sealer.sealText('Ann', 1, 'hi');
  const bytes = (length) => base64url.encodeBase64url(crypto.getRandomValues(new Uint8Array(length)));
  for (const ct of [0, 1, 15, 16, 17, 144, 5000].map(bytes)) {
    assert.deepEqual(await opener.openMessage(spk, { ...good, ct }), { kind: 'unverifiable' });
    assert.deepEqual(await opener.openMessage(bytes(32), { ...good, ct, sig: bytes(64) }), { kind: 'unverifiable' });
  }
  // Nothing of that counted.
  assert.equal((await opener.openMessage(spk, good)).missing, 0);
});

test('of too many senders the one that was heard the longest ago is forgotten', () => {
  const senders = new Senders();
  for (let n = 0; n < 4096; n += 1) senders.count(`sender ${n}`, n, 0);
  senders.count('sender 0', 0, 1);
  senders.count('one more', 4096, 0);
  assert.deepEqual([0, 1, 2].map((n) => senders.keyOf(`sender ${n}`)), [0, undefined, 2]);
  assert.equal(senders.keyOf('one more'), 4096);
});

test('the newest profile wins', async () => {
  const { sealer, spk, opener } = await room();
  const [old, young] = [await sealer.sealProfile('Ann'), await sealer.sealProfile('Anna')];
  assert.deepEqual(await opener.openProfile(spk, young), { kind: 'profile', nick: 'Anna' });
  for (const late of [old, young]) assert.deepEqual(await opener.openProfile(spk, late), { kind: 'old' });
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
  const zeros = (length) => new Array(length).fill(0);
  for (const wrong of [[], [0x80], [...zeros(127), 1], zeros(128), [...pad(new Uint8Array(0)), ...zeros(128)]]) {
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
