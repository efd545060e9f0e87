//! The session on its sockets: what is sealed and opened meanwhile keeps its order, and nothing that was opened is lost.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Session } from '../../js/core/session.js';
import { Connection } from '../../js/io/connection.js';
import { Browser, FakeSocket } from './browser.js';
import { INST, LIMITS, person, TOKEN } from './drive.js';

let browser;
beforeEach(() => {
  browser = new Browser();
});
afterEach(() => browser.close());

/** A wire whose sealing and opening take as long as the test lets them. */
class SlowWire {
  #held = [];
  holds = false;
  opened = [];
  forgotten = [];

  outgoing(text) {
    return this.#turn(text, () => text);
  }

  incoming(text) {
    const frame = JSON.parse(text);
    this.opened.push(frame.text ?? frame.t);
    return this.#turn(frame.t, () => frame);
  }

  settled(id) {
    this.forgotten.push(id);
  }

  /** Whatever waits ends, in the order that is asked for, with an error perhaps. */
  release({ reverse = false, error } = {}) {
    this.holds = false;
    const held = this.#held.splice(0);
    for (const { resolve, reject } of reverse ? held.reverse() : held) {
      if (error === undefined) resolve();
      else reject(error);
    }
    return browser.settle();
  }

  async #turn(name, result) {
    if (this.holds) await new Promise((resolve, reject) => this.#held.push({ resolve, reject }));
    return result();
  }
}

function come(wire) {
  const events = [];
  const room = wire === undefined ? { token: TOKEN } : { room: INST };
  const session = new Session({ ...room, nick: 'Ann', key: INST, jitter: () => 0.5 });
  const connection = new Connection(session, 'ws://localhost/ws', (event) => events.push(event), wire);
  const states = () => events.filter(({ type }) => type === 'state').map(({ state }) => state);
  return { session, connection, events, states };
}

const welcome = {
  t: 'welcome', v: 1, inst: INST, sid: 1, resumed: false, seq: 1, now: 5000, limits: LIMITS,
  room: { kind: 'plain', created: 1, expires: 9, history: 100, max: 256 }, peers: [person(1, 'Ann')],
};
const live = { t: 'live', seq: 1 };
const msg = (seq, text) => ({ t: 'msg', seq, ts: seq, from: 2, nick: 'Bob', text, own: false });
const socket = (number) => FakeSocket.made[number];
const kinds = (number) => socket(number).sent.map(({ t }) => t);

async function enter(wire) {
  const visit = come(wire);
  visit.connection.run((session, at) => session.start(at));
  socket(0).open();
  await browser.settle();
  socket(0).say(welcome);
  socket(0).say(live);
  await browser.settle();
  assert.equal(visit.session.state, 'live');
  return visit;
}

test('a connection that is lost is made again by itself, and the session goes on', async () => {
  const { session, connection } = await enter();
  connection.run((s) => s.send('one'));
  socket(0).end(1006);
  await browser.settle();
  assert.equal(session.state, 'waiting');
  browser.pass(250);
  socket(1).open();
  socket(1).say({ ...welcome, resumed: true });
  socket(1).say(live);
  assert.deepEqual(kinds(1), ['hello', 'send']);
  assert.equal(socket(1).sent[0].key, socket(0).sent[0].key);
  assert.deepEqual(socket(1).sent[0].resume, { inst: INST, last: 0 });
});

test('what a socket that was given up still says is heard by nobody', async () => {
  const { session, events } = await enter();
  browser.pass(20_000);
  browser.pass(10_000);
  assert.deepEqual([session.state, socket(0).closedWith], ['waiting', [undefined]]);
  const before = events.length;
  socket(0).say(msg(2, 'late'));
  socket(0).end(1006);
  await browser.settle();
  assert.deepEqual(events.slice(before), []);
});

test('a frame that is sealed sooner does not leave sooner', async () => {
  const wire = new SlowWire();
  const { connection } = await enter(wire);
  wire.holds = true;
  for (const text of ['one', 'two', 'three']) connection.run((session) => session.send(text));
  await wire.release({ reverse: true });
  assert.deepEqual(socket(0).sent.map(({ t, text }) => text ?? t), ['hello', 'one', 'two', 'three']);
});

test('frames are sealed at their own pace and leave in their order, by the socket that they were meant for', async () => {
  const wire = new SlowWire();
  const { connection } = await enter(wire);
  wire.holds = true;
  connection.run((session) => session.send('one'));
  connection.run((session) => session.send('two'));
  socket(0).end(1006);
  await browser.settle();
  browser.pass(250);
  socket(1).open();
  await wire.release({ reverse: true });
  assert.deepEqual(kinds(0), ['hello']);
  assert.deepEqual(kinds(1), ['hello']);
  socket(1).say({ ...welcome, resumed: true });
  socket(1).say(live);
  await browser.settle();
  assert.deepEqual(socket(1).sent.map(({ t, text }) => text ?? t), ['hello', 'one', 'two']);
});

test('a frame that was being opened when its socket was given up is told, one that was not begun comes again', async () => {
  const wire = new SlowWire();
  const { session, connection, events } = await enter(wire);
  wire.holds = true;
  socket(0).say(msg(2, 'begun'));
  socket(0).say(msg(3, 'not begun'));
  await browser.settle();
  // Nothing is heard of the server for as long as nothing is opened.
  browser.pass(20_000);
  browser.pass(10_000);
  assert.equal(session.state, 'waiting');
  await wire.release();
  assert.deepEqual(wire.opened, ['welcome', 'live', 'begun']);
  connection.run((s, at) => s.wake(at));
  socket(1).open();
  await browser.settle();
  assert.deepEqual(socket(1).sent[0].resume, { inst: INST, last: 2 });
  socket(1).say({ ...welcome, resumed: true, seq: 3 });
  for (const frame of [msg(3, 'not begun'), live]) socket(1).say(frame);
  await browser.settle();
  assert.deepEqual(events.filter(({ type }) => type === 'message').map(({ text }) => text), ['begun', 'not begun']);
});

test('a socket is closed after all that it brought was opened', async () => {
  const wire = new SlowWire();
  const { session, events } = await enter(wire);
  wire.holds = true;
  socket(0).say(msg(2, 'last words'));
  socket(0).end(1012);
  await browser.settle();
  assert.equal(session.state, 'live');
  await wire.release();
  assert.equal(events.find(({ type }) => type === 'message').text, 'last words');
  assert.equal(session.state, 'waiting');
});

test('what can not be sealed or opened ends its connection, and not the next one', async () => {
  for (const fails of ['sealing', 'opening']) {
    const wire = new SlowWire();
    browser.close();
    browser = new Browser();
    const { session, connection } = await enter(wire);
    wire.holds = true;
    if (fails === 'sealing') connection.run((s) => s.send('one'));
    else socket(0).say(msg(2, 'one'));
    await browser.settle();
    await wire.release({ error: new Error(`${fails} failed`) });
    assert.deepEqual([session.state, browser.reported, socket(0).closedWith], ['waiting', [`${fails} failed`], [undefined]]);
    browser.pass(250);
    socket(1).open();
    await browser.settle();
    socket(1).say({ ...welcome, resumed: true });
    socket(1).say(live);
    await browser.settle();
    assert.equal(session.state, 'live');
    assert.deepEqual(kinds(1), fails === 'sealing' ? ['hello', 'send'] : ['hello']);
  }
});

test('what is settled is remembered by the wire no more', async () => {
  const wire = new SlowWire();
  const { connection } = await enter(wire);
  const id = connection.run((session) => session.send('one'));
  await browser.settle();
  socket(0).say({ t: 'ack', id, seq: 2 });
  await browser.settle();
  assert.deepEqual(wire.forgotten, [id]);
});

test('the network, the person and the browser wake a session that waits, until it is over', async () => {
  for (const wake of [
    () => window.dispatchEvent(new Event('online')),
    () => document.dispatchEvent(new Event('visibilitychange')),
    () => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
  ]) {
    FakeSocket.made = [];
    const { session, connection } = await enter();
    socket(0).end(1006);
    await browser.settle();
    wake();
    assert.equal(session.state, 'connecting');
    connection.run((s) => s.leave());
    const heard = mock.method(session, 'wake');
    wake();
    assert.equal(heard.mock.callCount(), 0);
  }
});

test('a page that is hidden, or was shown for the first time, wakes nothing', async () => {
  await enter();
  socket(0).end(1006);
  await browser.settle();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  assert.equal(FakeSocket.made.length, 1);
});

test('a machine that has slept asks at once whether the server is there, and does not wait any longer', async () => {
  const { session } = await enter();
  browser.pass(20_000);
  assert.deepEqual(kinds(0), ['hello', 'ping']);
  browser.sleep(3_600_000);
  browser.pass(10_000);
  // The answer can't be waited for: the next connection is made at once.
  assert.equal(session.state, 'connecting');
  assert.equal(FakeSocket.made.length, 2);
});
