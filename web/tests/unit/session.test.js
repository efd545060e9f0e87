//! The session's way in, through and out, in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, LIMITS, person } from './drive.js';

const states = (drive) => drive.told('state').map((event) => event.state);
const texts = (drive) => drive.told('message').map((event) => event.text);

test('the way in is told step by step', () => {
  const drive = new Drive();
  drive.welcome({ room: { kind: 'plain', created: 1, expires: 99, history: 100, max: 256 } });
  drive.server(drive.join(1, 1, 'Ann'), { t: 'live', seq: 1 });
  assert.deepEqual(states(drive), ['connecting', 'entering', 'replaying', 'live']);
  const [welcome] = drive.told('welcome');
  assert.equal(welcome.room.expires, 99);
  assert.equal(welcome.arrival, 'first');
  assert.deepEqual(drive.told('joined').map(({ nick, own }) => [nick, own]), [['Ann', true]]);
});

test('limits come from welcome and count bytes', () => {
  const drive = new Drive();
  drive.enter({ limits: { ...LIMITS, text: 10, frame: 60 } });
  drive.call('send', 'ééééé');
  const over = (text) => assert.throws(() => drive.call('send', text), (error) => error.code === 'too_big');
  over('éééééa');
  over('x'.repeat(10_000_000));
  drive.call('send', '"""""');
  const other = new Drive();
  // {"t":"send","id":"m1","text":""} has 32 bytes.
  other.enter({ limits: { ...LIMITS, text: 100, frame: 42 } });
  assert.throws(() => other.call('send', 'x'.repeat(11)), (error) => error.code === 'too_big' && error.max === 10);
  assert.throws(() => other.call('send', '"'.repeat(6)), (error) => error.code === 'too_big');
  other.call('send', 'x'.repeat(10));
  assert.equal(other.sent.length, 1);
});

test('a blank text is not sent', () => {
  const drive = new Drive();
  drive.enter();
  assert.throws(() => drive.call('send', ' \n\t'), (error) => error.code === 'blank');
});

test('a replay is for the screen only and leaves the list alone', () => {
  const drive = new Drive();
  drive.welcome({ seq: 6, peers: [person(2, 'Bo'), person(1, 'Ann')] });
  drive.server(
    drive.join(1, 3, 'Cy'), drive.join(2, 2, 'Bob'),
    { t: 'profile', seq: 3, ts: 3, sid: 2, nick: 'Bo' },
    { t: 'leave', seq: 4, ts: 4, sid: 3, why: 'bye' },
    { t: 'leave', seq: 5, ts: 5, sid: 2, why: 'timeout' },
    drive.join(6, 1, 'Ann'), { t: 'live', seq: 6 },
  );
  assert.equal(drive.told('people').length, 1);
  assert.deepEqual(drive.told('people')[0].people.map(({ nick, own }) => [nick, own]), [['Ann', true], ['Bo', false]]);
  assert.deepEqual(drive.told('renamed').map(({ before, nick }) => [before, nick]), [['Bob', 'Bo']]);
  assert.deepEqual(drive.told('left').map(({ nick }) => nick), ['Cy', 'Bo']);
});

test('a replayed event of somebody unknown has no name', () => {
  const drive = new Drive();
  drive.welcome({ seq: 3 });
  drive.server({ t: 'leave', seq: 1, ts: 1, sid: 24, why: 'bye' });
  drive.server({ t: 'profile', seq: 2, ts: 2, sid: 25, nick: 'Y' });
  assert.equal(drive.told('left')[0].nick, null);
  assert.equal(drive.told('renamed')[0].before, null);
});

test('people come, change names and go', () => {
  const drive = new Drive();
  drive.enter();
  drive.server(
    drive.join(2, 2, 'Bob'), { t: 'profile', seq: 3, ts: 3, sid: 2, nick: 'Bo' },
    { t: 'profile', seq: 4, ts: 4, sid: 1, nick: 'Anna' }, { t: 'leave', seq: 5, ts: 5, sid: 2, why: 'timeout' },
  );
  const lists = drive.told('people').map(({ people }) => people.map(({ nick }) => nick).join());
  assert.deepEqual(lists, ['Ann,Bob', 'Ann,Bo', 'Anna,Bo', 'Anna']);
  assert.equal(drive.session.nick, 'Anna');
  assert.deepEqual(drive.told('left').map(({ nick, why }) => [nick, why]), [['Bo', 'timeout']]);
});

test('a room that counts is counted', () => {
  const drive = new Drive();
  drive.enter();
  drive.server({ t: 'count', n: 300 });
  assert.equal(drive.told('people')[0].count, 300);
});

test('a refused send is told by its id', () => {
  const drive = new Drive();
  drive.enter();
  const id = drive.call('send', 'hi');
  drive.server({ t: 'error', code: 'too_big', message: 'm', re: id, fatal: false });
  assert.deepEqual(drive.told('refused'), [{ type: 'refused', id, code: 'too_big', message: 'm' }]);
  drive.server({ t: 'error', code: 'nick_taken', message: 'm', fatal: false });
  assert.deepEqual(drive.told('error'), [{ type: 'error', code: 'nick_taken', message: 'm' }]);
  assert.equal(drive.session.state, 'live');
});

test('unknown frames are ignored', () => {
  const drive = new Drive();
  drive.enter();
  drive.server({ t: 'of_a_later_version', seq: 1 }, { t: 'end', why: 'ttl', in_ms: 5 }, drive.msg(2, 1, 'Ann', 'x'));
  assert.deepEqual(texts(drive), ['x']);
  assert.deepEqual(drive.told('ending'), [{ type: 'ending', why: 'ttl', inMs: 5 }]);
});

test('what is no frame stops the session', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('frame', '{"t":"msg"}', drive.now);
  assert.equal(drive.session.state, 'stopped');
  assert.equal(drive.told('state')[0].code, 'server_unclear');
});

test('a fatal error gives the reason, the close code decides', () => {
  const table = [
    ['nick_taken', 4422, 'stopped'], ['no_room', 4404, 'stopped'], ['room_full', 4423, 'stopped'],
    ['overloaded', 1013, 'waiting'], ['rate', 4429, 'waiting'], ['create_key', 4403, 'waiting'],
  ];
  for (const [code, close, state] of table) {
    const drive = new Drive();
    drive.enter();
    drive.server({ t: 'error', code, message: 'm', fatal: true, retry_ms: 700 });
    drive.call('closed', close, drive.now);
    const [last] = drive.told('state');
    assert.deepEqual([last.state, last.code, last.said, last.retryMs], [state, code, code, 700]);
  }
});

test('without an error the close code speaks', () => {
  for (const [close, state, code] of [[4410, 'stopped', 'room_ended'], [1012, 'waiting', 'restart'], [1006, 'waiting', 'connection_lost']]) {
    const drive = new Drive();
    drive.enter();
    drive.call('closed', close, drive.now);
    const [last] = drive.told('state');
    assert.deepEqual([last.state, last.code, last.said], [state, code, undefined]);
  }
});

test('a socket that never opens is unreachable', () => {
  const drive = new Drive();
  drive.call('start', drive.now);
  drive.call('closed', 1006, drive.now);
  assert.deepEqual(drive.told('state').at(-1).code, 'unreachable');
});

test('an attempt is known by its number, and goes on from one that was kept', () => {
  const drive = new Drive({ attempt: 7000 });
  drive.enter();
  assert.equal(drive.session.attempt, 7001);
});

test('who left while one was away has a name when that is told, who is there has the newest', () => {
  const drive = new Drive();
  drive.enter({ peers: [person(1, 'Ann'), person(2, 'Bob'), person(3, 'Cy'), person(4, 'Di')] });
  drive.again({ seq: 4, peers: [person(1, 'Ann'), person(3, 'Cyd'), person(4, 'Dina')] });
  drive.server({ t: 'gap', from: 2, to: 2, why: 'expired' }, { t: 'leave', seq: 3, ts: 3, sid: 2, why: 'timeout' });
  drive.server({ t: 'profile', seq: 4, ts: 4, sid: 3, nick: 'Cyd' }, { t: 'live', seq: 4 });
  drive.server({ t: 'profile', seq: 5, ts: 5, sid: 3, nick: 'C' }, { t: 'profile', seq: 6, ts: 6, sid: 4, nick: 'D' });
  assert.deepEqual(drive.told('left').map(({ nick }) => nick), ['Bob']);
  assert.deepEqual(drive.told('renamed').map(({ before, nick }) => [before, nick]), [['Cy', 'Cyd'], ['Cyd', 'C'], ['Dina', 'D']]);
});

test('a name of one\'s own that nobody can be sure of is not taken over', () => {
  const drive = new Drive({ token: undefined, room: 'AAAAAAAAAAAAAAAAAAAAAA' });
  drive.call('start', drive.now);
  drive.call('opened', drive.now);
  drive.call('received', { ...drive.greeting, peers: [{ ...person(1, 'x3wd-6103-mqkm'), verified: false }] }, drive.now);
  assert.equal(drive.session.nick, 'Ann');
});

test('ids begin with what was asked for: another machine with this key has used others', () => {
  const drive = new Drive({ ids: 'Zm9v_-' });
  drive.enter();
  assert.equal(drive.call('send', 'one'), 'Zm9v_-1');
});

test('the names of another room mean nobody in this one', () => {
  const drive = new Drive();
  drive.enter({ peers: [person(1, 'Ann'), person(2, 'Bob')] });
  drive.again({ inst: 'AQAAAAAAAAAAAAAAAAAAAA', seq: 1, peers: [person(1, 'Ann')] });
  drive.server({ t: 'leave', seq: 1, ts: 2, sid: 2, why: 'bye' });
  assert.equal(drive.told('left')[0].nick, null);
});

test('a frame that was read too late for its connection is told, and not twice', () => {
  const drive = new Drive();
  drive.enter();
  const id = drive.call('send', 'one');
  drive.call('closed', 1006, drive.now);
  drive.call('late', drive.msg(2, 1, 'Ann', 'one', id), drive.now);
  drive.call('late', { t: 'live', seq: 9 }, drive.now);
  assert.equal(drive.session.state, 'waiting');
  drive.call('wake', drive.now);
  drive.greeted({ resumed: true, seq: 2 });
  drive.server(drive.msg(2, 1, 'Ann', 'one', id), { t: 'live', seq: 2 });
  assert.deepEqual(texts(drive), ['one']);
  assert.deepEqual(drive.told('acknowledged'), [{ type: 'acknowledged', id }]);
  assert.equal(drive.sent.at(-1).resume.last, 2);
  drive.call('leave');
  drive.forget();
  drive.call('late', drive.msg(3, 2, 'Bob', 'after'), drive.now);
  assert.deepEqual(drive.events, []);
});

test('nobody is known to type while one is away, nor is told that one does', () => {
  const drive = new Drive();
  drive.enter({ peers: [person(1, 'Ann'), person(2, 'Bob')] });
  drive.server({ t: 'typing', sid: 2, on: true });
  drive.call('closed', 1006, drive.now);
  assert.deepEqual(drive.told('typing').at(-1).nicks, []);
  drive.call('typing', true, drive.now);
  drive.call('wake', drive.now);
  drive.greeted({ resumed: true });
  drive.server({ t: 'live', seq: 1 });
  assert.deepEqual(drive.sent.filter((frame) => frame.t === 'typing'), []);
});
