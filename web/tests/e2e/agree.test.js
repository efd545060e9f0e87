//! The page's sealing and the terminal's agree: random texts sealed by the one open in the other.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { decodeBase64url, encodeBase64url } from '../../js/core/base64url.js';
import { Opener, RoomKeys, Sealer } from '../../js/core/seal.js';
import { secretOf, writeSealedToken } from '../../js/core/sealed-token.js';

const TEXTS = 200;

/** A generator that gives the same numbers for the same seed (mulberry32). */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function randomText(random) {
  const kinds = [
    () => random(0x20), () => 0x20 + random(0x5f), () => 0x400 + random(0x100), () => 0x4e00 + random(0x5000),
    () => 0x1f300 + random(0x500), () => [0x22, 0x5c, 0x7f, 0x2028, 0xfeff, 0xfffd][random(6)],
  ];
  const length = [random(10), random(150), random(5000)][random(3)];
  return Array.from({ length }, () => String.fromCodePoint(kinds[random(kinds.length)]())).join('');
}

const hex = (text) => Buffer.from(decodeBase64url(text)).toString('hex');
const b64 = (text) => encodeBase64url(Buffer.from(text, 'hex'));

test('random texts sealed by one open in the other', async (context) => {
  const seed = Number(process.env.SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const random = numbers(seed);
  const program = spawn(process.env.SEAL_AGREE_BIN, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    program.stdin.write(`${JSON.stringify(question)}\n`);
    return JSON.parse((await answers.next()).value);
  };
  // A test that fails leaves nobody behind.
  context.after(() => program.kill());
  for (let n = 0; n < TEXTS; n += 1) {
    const token = await writeSealedToken(Uint8Array.from({ length: 16 }, () => random(256)));
    const keys = await RoomKeys.derive(await secretOf(token));
    const [nick, ts, text] = ['Zoë 李', random(2 ** 31) * 2 ** 20, randomText(random)];
    const said = { nick, ts, text };
    const what = `text ${n}, SEED=${seed}`;

    const sealer = await Sealer.generate(keys);
    const ours = await sealer.sealText(nick, ts, text);
    const spk = Buffer.from(sealer.spk).toString('hex');
    const opened = await ask({ token, spk, n: ours.n, ct: hex(ours.ct), sig: hex(ours.sig) });
    assert.deepEqual(opened, said, what);

    const theirs = await ask({ token, ...said });
    const sealed = { n: theirs.n, ct: b64(theirs.ct), sig: b64(theirs.sig) };
    const { kind, missing, ...heard } = await new Opener(keys).openMessage(b64(theirs.spk), sealed);
    assert.deepEqual([kind, missing, heard], ['text', 0, said], what);
    assert.equal(theirs.ct.length, hex(ours.ct).length, `${what}: both pad alike`);
  }
  program.stdin.end();
  const [code] = await once(program, 'exit');
  assert.equal(code, 0);
});
