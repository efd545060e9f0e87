//! Where people are, and when one is away oneself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, person } from './drive.js';

const AWAY_AFTER_MS = 30_000;

const said = (drive) => drive.sent.filter((frame) => frame.t === 'away').map((frame) => frame.on);
/** Lets time pass on a connection that lives. */
function pass(drive, ms) {
  for (let left = ms; left > 0; left -= 5000) {
    drive.pass(Math.min(left, 5000));
    drive.server({ t: 'pong', n: 1, now: 1 });
  }
}

const seen = (drive) => drive.told('people').at(-1).people.map(({ nick, is }) => `${nick} ${is}`);

test('who doesn\'t see the page for a while is away, and here at once on seeing it', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('sight', false, drive.now);
  pass(drive, AWAY_AFTER_MS - 1);
  assert.deepEqual(said(drive), []);
  pass(drive, 1);
  assert.deepEqual(said(drive), [true]);
  pass(drive, 10 * AWAY_AFTER_MS);
  assert.deepEqual(said(drive), [true]);
  drive.call('sight', true, drive.now);
  assert.deepEqual(said(drive), [true, false]);
});

test('a look away is nothing to tell, nor is being told twice', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('sight', true, drive.now);
  drive.call('sight', false, drive.now);
  pass(drive, AWAY_AFTER_MS / 2);
  // The time counts from when it went out of sight.
  drive.call('sight', false, drive.now);
  drive.call('sight', true, drive.now);
  pass(drive, 2 * AWAY_AFTER_MS);
  assert.deepEqual(said(drive), []);
  drive.call('sight', false, drive.now);
  pass(drive, AWAY_AFTER_MS / 2);
  drive.call('sight', false, drive.now);
  pass(drive, AWAY_AFTER_MS / 2);
  assert.deepEqual(said(drive), [true]);
});

test('who looks away without a connection is away when it is there again, and no timer runs meanwhile', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('closed', 4422, drive.now);
  drive.call('sight', false, drive.now);
  pass(drive, 2 * AWAY_AFTER_MS);
  assert.equal(drive.session.deadline, Infinity);
  assert.deepEqual(said(drive), []);
  drive.welcome({ resumed: true });
  assert.deepEqual(said(drive), []);
  drive.server({ t: 'live', seq: 1 });
  assert.deepEqual(said(drive), [true]);
});

test('people are listed with oneself first and in the order of coming, wherever they are', () => {
  const drive = new Drive();
  const peers = [{ ...person(1, 'Bob'), is: 'lost' }, { ...person(2, 'Cem'), is: 'away' }, person(3, 'Ann'), person(4, 'Dan')];
  drive.welcome({ sid: 3, seq: 4, peers });
  assert.deepEqual(seen(drive), ['Ann here', 'Bob lost', 'Cem away', 'Dan here']);
  drive.server({ t: 'live', seq: 4 }, { t: 'state', sid: 4, is: 'away' }, { t: 'state', sid: 2, is: 'here' });
  assert.deepEqual(seen(drive), ['Ann here', 'Bob lost', 'Cem here', 'Dan away']);
  drive.server({ t: 'leave', seq: 5, ts: 5, sid: 1, why: 'timeout' }, drive.join(6, 1, 'Bob'));
  assert.deepEqual(seen(drive), ['Ann here', 'Bob here', 'Cem here', 'Dan away']);
  const told = drive.told('people').length;
  drive.server({ t: 'state', sid: 3, is: 'lost' }, { t: 'state', sid: 4, is: 'away' }, { t: 'state', sid: 9, is: 'away' });
  assert.equal(drive.told('people').length, told);
  // A new name changes nothing of it.
  drive.server({ t: 'profile', seq: 7, ts: 7, sid: 4, nick: 'Don' });
  assert.equal(seen(drive).at(-1), 'Don away');
});

test('who is lost or away types no more', () => {
  const drive = new Drive();
  drive.enter({ peers: [person(1, 'Ann'), person(2, 'Bob')] });
  drive.server({ t: 'typing', sid: 2, on: true }, { t: 'state', sid: 2, is: 'lost' });
  assert.deepEqual(drive.told('typing').map(({ sids }) => sids), [[2], []]);
});
