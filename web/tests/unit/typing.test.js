//! Typing: what depends on time. The heartbeat is in the table of scenarios.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, person } from './drive.js';

const both = { peers: [person(1, 'Ann'), person(2, 'Bob')] };
const typed = (drive) => drive.sent.filter((frame) => frame.t === 'typing').map((frame) => frame.on);
const shown = (drive) => drive.told('typing').map(({ nicks }) => nicks.join());

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
