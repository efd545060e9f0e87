//! A server that lies: the page's session shows what it did as what it is, and never as a text from the wrong person.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { encodeBase64url } from '../../js/core/base64url.js';
import { SealedWire } from '../../js/core/sealed-wire.js';
import { writeSealedToken } from '../../js/core/sealed-token.js';
import { INST, LIMITS } from './drive.js';
import { Session } from '../../js/core/session.js';

const NOW = 1_767_225_600_000;
const token = (byte) => writeSealedToken(new Uint8Array(16).fill(byte));

/** A member with its wire: what it sends, and what it shows of what it is sent. */
class Member {
  sent = [];
  shown = [];

  static async come(nick, of = 1) {
    const member = new Member();
    member.wire = await SealedWire.open({ token: await token(of), nick, create: false, now: () => NOW });
    member.session = new Session({
      ...member.wire.room, nick, key: 'AAAAAAAAAAAAAAAAAAAAAA', jitter: () => 0.5, frameSize: (...send) => member.wire.frameSize(...send),
    });
    await member.call('start', NOW);
    await member.greet();
    return member;
  }

  /** Comes back after a lost connection, up to the `hello`. */
  async comeBack() {
    await this.call('closed', 1006, NOW);
    await this.call('wake', NOW);
    await this.greet();
  }

  async greet() {
    this.sent = [];
    await this.call('opened', NOW);
    this.hello = this.sent.shift();
  }

  async call(method, ...given) {
    const result = this.session[method](...given);
    for (let action = this.session.poll(); action; action = this.session.poll()) {
      if (action.do === 'transmit') this.sent.push(JSON.parse(await this.wire.outgoing(action.text)));
      else if (action.do === 'tell') this.shown.push(...wordsOf(action.event));
    }
    return result;
  }

  async hear(frame) {
    this.shown = [];
    await this.call('received', await this.wire.incoming(JSON.stringify(frame)), NOW);
    return this.shown;
  }

  peer(sid) {
    return { sid, mode: 'v1', since: 1, spk: this.hello.spk, profile: this.hello.profile };
  }

  get welcome() {
    return {
      t: 'welcome', v: 1, inst: INST, sid: 1, resumed: false, seq: 1, now: NOW, limits: LIMITS,
      room: { kind: 'sealed', created: 1, expires: NOW * 2, history: 0, max: 9 }, peers: [this.peer(1)],
    };
  }

  async enter(...others) {
    await this.hear({ ...this.welcome, peers: [this.peer(1), ...others] });
    await this.hear({ t: 'live', seq: 1 });
  }

  async say(text) {
    await this.call('send', text);
    return { spk: this.hello.spk, ...this.sent.pop() };
  }
}

function wordsOf(event) {
  switch (event.type) {
    case 'message': return [`${event.own ? 'own ' : ''}${event.nick}: ${event.text}`];
    case 'unverifiable': case 'gap': case 'acknowledged': return [event.type];
    case 'missing': return [`${event.count} of ${event.nick} missing`];
    case 'joined': return [`${event.nick} joined${event.verified ? '' : ' without the secret'}`];
    default: return [];
  }
}

const msg = (seq, from, { spk, id, m }) => ({ t: 'msg', seq, ts: 1, from, id, spk, m });

async function trio() {
  const [ann, bob, eve] = [await Member.come('Ann'), await Member.come('Bob'), await Member.come('Eve')];
  await bob.enter(ann.peer(2), eve.peer(3));
  await ann.enter();
  await eve.enter();
  return { ann, bob, eve };
}

test('what is carried faithfully is shown', async () => {
  const { ann, bob, eve } = await trio();
  assert.deepEqual(await bob.hear(msg(2, 2, await ann.say('one'))), ['Ann: one']);
  assert.deepEqual(await bob.hear(msg(3, 3, await eve.say('two'))), ['Eve: two']);
});

test('what is altered is one line and never a text', async () => {
  const { ann, bob } = await trio();
  const good = await ann.say('pay 10');
  const flip = (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1);
  for (const [seq, m] of [
    { ...good.m, ct: flip(good.m.ct) }, { ...good.m, sig: flip(good.m.sig) }, { ...good.m, n: 1 }, { ...good.m, ct: 'AAAA' },
  ].entries()) assert.deepEqual(await bob.hear(msg(seq + 2, 2, { ...good, m })), ['unverifiable']);
  assert.deepEqual(await bob.hear(msg(9, 2, good)), ['Ann: pay 10']);
});

test('what is given to somebody else is not believed', async () => {
  const { ann, bob, eve } = await trio();
  const one = await ann.say('I am Ann');
  assert.deepEqual(await bob.hear(msg(2, 3, { ...one, spk: eve.hello.spk })), ['unverifiable']);
  assert.deepEqual(await bob.hear(msg(3, 3, one)), ['Ann: I am Ann']);
});

test('what is doubled, reordered or dropped is seen', async () => {
  const { ann, bob } = await trio();
  const all = [];
  for (let n = 0; n < 6; n += 1) all.push(await ann.say(String(n)));
  assert.deepEqual(await bob.hear(msg(2, 2, all[0])), ['Ann: 0']);
  assert.deepEqual(await bob.hear(msg(3, 2, all[0])), []);
  assert.deepEqual(await bob.hear(msg(4, 2, all[2])), ['1 of Ann missing', 'Ann: 2']);
  assert.deepEqual(await bob.hear(msg(5, 2, all[1])), []);
  assert.deepEqual(await bob.hear({ t: 'gap', from: 6, to: 8, why: 'slow' }), ['gap']);
  assert.deepEqual(await bob.hear(msg(9, 2, all[5])), ['Ann: 5']);
});

test('what was said in another room is not said in this one', async () => {
  const { bob } = await trio();
  const ann = await Member.come('Ann', 2);
  await ann.enter();
  assert.deepEqual(await bob.hear(msg(2, 2, await ann.say('yes'))), ['unverifiable']);
});

test('who has not the secret is shown as that, and by no name', async () => {
  const { bob } = await trio();
  const outsider = await Member.come('Ann', 2);
  const [shown] = await bob.hear({ t: 'join', seq: 2, ts: 1, peer: outsider.peer(4) });
  assert.match(shown, /^\w{4}-\w{4}-\w{4} joined without the secret$/);
});

test('a text that was never sealed ends the connection', async () => {
  const { bob } = await trio();
  await assert.rejects(bob.wire.incoming(JSON.stringify({ t: 'msg', seq: 2, ts: 1, from: 2, nick: 'Ann', text: 'hi' })));
});

test('seen back is what came back unchanged', async () => {
  const { ann } = await trio();
  const one = await ann.say('hi');
  const two = await ann.say('ho');
  assert.deepEqual(await ann.hear(msg(2, 1, { ...two, id: one.id })), ['own Ann: ho']);
  assert.deepEqual(await ann.hear(msg(3, 1, two)), ['acknowledged']);
});

test('a message of somebody else never is one of ours, whatever its number and its session are', async () => {
  const { ann, bob } = await trio();
  const one = await ann.say('mine');
  const other = await bob.say('not mine');
  assert.equal(one.id, other.id);
  await ann.comeBack();
  await ann.hear({ ...ann.welcome, inst: 'AQAAAAAAAAAAAAAAAAAAAA', sid: 2, seq: 2, peers: [bob.peer(1), ann.peer(2)] });
  assert.deepEqual(await ann.hear(msg(3, 1, other)), ['Bob: not mine']);
  await ann.hear({ t: 'live', seq: 2 });
  assert.deepEqual(ann.sent.map(({ id, m }) => ({ id, m })), [{ id: one.id, m: one.m }]);
  assert.deepEqual(await ann.hear(msg(4, 2, one)), ['own Ann: mine', 'acknowledged']);
});

test('what was never sent can not have come back', async () => {
  const { ann } = await trio();
  const one = await ann.say('one');
  await ann.hear(msg(2, 1, one));
  await ann.call('closed', 1006, NOW);
  const id = await ann.call('send', 'two');
  await ann.call('wake', NOW);
  await ann.greet();
  await ann.enter();
  assert.deepEqual(ann.sent.map((frame) => frame.id), [id]);
  await ann.call('closed', 1006, NOW);
  await ann.call('wake', NOW);
  const early = await ann.call('send', 'three');
  await ann.greet();
  await ann.hear({ ...ann.welcome, resumed: true });
  assert.deepEqual(await ann.hear(msg(3, 1, { ...one, id: early })), []);
});

test('in a room that was opened anew a sender\'s count may jump once', async () => {
  const { ann, bob } = await trio();
  const all = [];
  for (let n = 0; n < 4; n += 1) all.push(await ann.say(String(n)));
  await bob.hear(msg(2, 2, all[0]));
  await bob.comeBack();
  await bob.hear({ ...bob.welcome, inst: 'AQAAAAAAAAAAAAAAAAAAAA', seq: 0 });
  assert.deepEqual(await bob.hear(msg(1, 2, all[2])), ['Ann: 2']);
});

test('who comes back is known by the same bytes, by new ones only under another name', async () => {
  const { ann } = await trio();
  const { hello } = ann;
  await ann.comeBack();
  assert.deepEqual([ann.hello.spk, ann.hello.profile], [hello.spk, hello.profile]);
  await ann.enter();
  await ann.call('rename', 'Anna');
  const { profile } = ann.sent.pop();
  assert.equal(profile.n, 1);
  await ann.comeBack();
  assert.deepEqual(ann.hello.profile, profile);
  await ann.enter();
  assert.deepEqual(ann.sent.pop().profile, profile);
  await ann.call('closed', 4422, NOW);
  await ann.call('start', NOW, 'Bess');
  await ann.call('opened', NOW);
  assert.equal(ann.sent.pop().profile.n, 2);
});

test('what could not be sealed is sealed when it is repeated', async () => {
  const { ann } = await trio();
  const frame = JSON.stringify({ t: 'send', id: 'x', text: 'again' });
  const fails = mock.method(crypto.subtle, 'encrypt', () => Promise.reject(new Error('no')));
  await assert.rejects(ann.wire.outgoing(frame));
  fails.mock.restore();
  assert.equal(JSON.parse(await ann.wire.outgoing(frame)).m.n, 1);
});

test('a repeat is the same bytes, and a frame that gets too long is never sealed', async () => {
  const { ann } = await trio();
  const plain = JSON.stringify({ t: 'send', id: 'x', text: 'again' });
  assert.equal(await ann.wire.outgoing(plain), await ann.wire.outgoing(plain));
  const sealed = await ann.wire.outgoing(JSON.stringify({ t: 'send', id: 'y', text: 'y'.repeat(5000) }));
  assert.ok(sealed.length <= ann.wire.frameSize('y', 'y'.repeat(5000)));
  assert.throws(() => ann.session.send('\u0001'.repeat(16_000)), { code: 'too_big' });
  assert.equal((await ann.say('next')).m.n, 2);
});

test('nothing secret is in what goes out', async () => {
  const { ann } = await trio();
  const out = JSON.stringify([ann.hello, await ann.say('the treasure is buried under the oak')]);
  const secret = await token(1);
  for (const word of ['Ann', 'treasure', secret, secret.replaceAll('-', ''), encodeBase64url(new Uint8Array(16).fill(1))]) {
    assert.ok(!out.includes(word), word);
  }
});
