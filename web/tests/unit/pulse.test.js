//! Heartbeat and typing: what depends on time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, person } from './drive.js';

const both = { peers: [person(1, 'Ann'), person(2, 'Bob')] };
const typed = (drive) => drive.sent.filter((frame) => frame.t === 'typing').map((frame) => frame.on);
const shown = (drive) => drive.told('typing').map(({ nicks }) => nicks.join());

test('a ping goes out every ping_ms', () => {
  const drive = new Drive();
  drive.enter();
  for (let n = 1; n <= 3; n += 1) {
    drive.pass(20_000);
    assert.deepEqual(drive.sent.at(-1), { t: 'ping', n });
    drive.server({ t: 'pong', n, now: 1 });
  }
  assert.equal(drive.session.state, 'live');
});

test('whatever arrives is an answer', () => {
  const drive = new Drive();
  drive.enter();
  drive.pass(20_000);
  drive.server(drive.msg(2, 1, 'Ann', 'x'));
  drive.pass(15_000);
  assert.equal(drive.session.state, 'live');
});

test('ten seconds of silence after a ping are a lost connection', () => {
  const drive = new Drive();
  drive.enter();
  drive.pass(29_999);
  assert.equal(drive.session.state, 'live');
  drive.pass(1);
  assert.equal(drive.session.state, 'lost');
  assert.deepEqual(drive.asked, [{ do: 'close' }]);
  assert.equal(drive.told('state')[0].code, 'connection_lost');
  assert.equal(drive.session.deadline, Infinity);
});

test('a server that is silent on the way in is given up', () => {
  for (const until of ['start', 'opened']) {
    const drive = new Drive();
    drive.call('start', drive.now);
    if (until === 'opened') drive.call('opened', drive.now);
    drive.pass(14_999);
    assert.notEqual(drive.session.state, 'lost');
    drive.pass(1);
    assert.equal(drive.session.state, 'lost');
  }
});

test('a long replay is not silence', () => {
  const drive = new Drive();
  drive.welcome();
  for (let seq = 2; seq < 6; seq += 1) {
    drive.pass(14_000);
    drive.server(drive.msg(seq, 1, 'Ann', 'x'));
  }
  assert.equal(drive.session.state, 'replaying');
});

test('a timeout that comes too early does nothing', () => {
  const drive = new Drive();
  drive.enter();
  for (let i = 0; i < 10; i += 1) drive.call('timeout', drive.now);
  assert.deepEqual([drive.sent, drive.events, drive.asked], [[], [], []]);
});

test('typing is said at once, again while it lasts, and once when it is over', () => {
  const drive = new Drive();
  drive.enter();
  for (let second = 0; second < 7; second += 1) {
    drive.call('typing', true, drive.now);
    drive.pass(1000);
  }
  assert.deepEqual(typed(drive), [true, true, true]);
  drive.pass(10_000);
  assert.deepEqual(typed(drive), [true, true, true, false]);
});

test('an emptied draft ends typing, never twice a second', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('typing', true, drive.now);
  drive.call('typing', false, drive.now);
  assert.deepEqual(typed(drive), [true]);
  drive.pass(1100);
  assert.deepEqual(typed(drive), [true, false]);
});

test('a message ends typing without a word', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('typing', true, drive.now);
  drive.call('send', 'x');
  drive.pass(9000);
  assert.deepEqual(typed(drive), [true]);
});

test("others' typing is shown until it ends, they speak, leave, or fall silent", () => {
  const drive = new Drive();
  drive.enter(both);
  const on = { t: 'typing', sid: 2, on: true };
  drive.server(on, on, { t: 'typing', sid: 2, on: false });
  assert.deepEqual(shown(drive), ['Bob', '']);
  drive.server(on, drive.msg(2, 2, 'Bob', 'x'));
  drive.server(on);
  drive.pass(8000);
  drive.server(on, { t: 'leave', seq: 3, ts: 3, sid: 2, why: 'bye' });
  assert.deepEqual(shown(drive), ['Bob', '', 'Bob', '', 'Bob', '', 'Bob', '']);
});

test('one is not told of oneself, nor of strangers', () => {
  const drive = new Drive();
  drive.enter(both);
  drive.server({ t: 'typing', sid: 1, on: true }, { t: 'typing', sid: 99, on: true });
  assert.deepEqual(shown(drive), ['']);
});
