//! The session's way in, through and out, in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, LIMITS, OTHER_INST, person, TOKEN } from './drive.js';

const states = (drive) => drive.told('state').map((event) => event.state);
const texts = (drive) => drive.told('message').map((event) => event.text);

test('hello goes first, and nothing until live', () => {
  const drive = new Drive();
  drive.call('start', drive.now);
  assert.deepEqual(drive.asked, [{ do: 'connect' }]);
  assert.deepEqual(drive.sent, []);
  drive.call('opened', drive.now);
  assert.deepEqual(drive.sent, [
    { t: 'hello', v: 1, token: TOKEN, key: 'AQEBAQEBAQEBAQEBAQEBAQ', try: 1, nick: 'Ann', agent: 'page' },
  ]);
  drive.call('typing', true, drive.now);
  drive.call('rename', 'Bob');
  assert.throws(() => drive.call('send', 'early'), (error) => error.code === 'not_connected');
  drive.pass(10_000);
  assert.equal(drive.sent.length, 1);
});

test('what is written between welcome and live goes out at live, in order', () => {
  const drive = new Drive();
  drive.welcome();
  drive.call('send', 'one');
  drive.call('send', 'two');
  assert.deepEqual(drive.sent.map((frame) => frame.t), ['hello']);
  drive.server({ t: 'live', seq: 1 });
  assert.deepEqual(drive.sent.slice(1), [{ t: 'send', id: '1', text: 'one' }, { t: 'send', id: '2', text: 'two' }]);
});

test('the way in is told step by step', () => {
  const drive = new Drive();
  drive.welcome({ room: { kind: 'plain', created: 1, expires: 99, history: 100, max: 256 } });
  drive.server(drive.join(1, 1, 'Ann'), { t: 'live', seq: 1 });
  assert.deepEqual(states(drive), ['connecting', 'entering', 'replaying', 'live']);
  const [welcome] = drive.told('welcome');
  assert.equal(welcome.room.expires, 99);
  assert.equal(welcome.again, false);
  assert.deepEqual(drive.told('joined').map(({ nick, own }) => [nick, own]), [['Ann', true]]);
});

test("one's own id coming back acknowledges, another's with the same id doesn't", () => {
  const drive = new Drive();
  drive.enter({ peers: [person(1, 'Ann'), person(2, 'Bob')] });
  const id = drive.call('send', 'hi');
  drive.server(drive.msg(2, 2, 'Bob', 'mine', id));
  assert.deepEqual(drive.told('acknowledged'), []);
  drive.server(drive.msg(3, 1, 'Ann', 'hi', id));
  assert.deepEqual(drive.told('acknowledged'), [{ type: 'acknowledged', id }]);
  assert.deepEqual(drive.told('message').map((event) => event.own), [false, true]);
});

test('an ack acknowledges, once', () => {
  const drive = new Drive();
  drive.enter();
  const id = drive.call('send', 'hi');
  drive.server({ t: 'ack', id, seq: 1 }, { t: 'ack', id, seq: 1 });
  assert.equal(drive.told('acknowledged').length, 1);
});

test('at most 64 sends are outstanding', () => {
  const drive = new Drive();
  drive.enter();
  for (let i = 0; i < 64; i += 1) drive.call('send', `${i}`);
  assert.throws(() => drive.call('send', 'more'), (error) => error.code === 'busy');
  drive.server(drive.msg(2, 1, 'Ann', '0', '1'));
  assert.equal(drive.call('send', 'more'), '65');
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
  // {"t":"send","id":"1","text":""} has 31 bytes.
  other.enter({ limits: { ...LIMITS, text: 100, frame: 41 } });
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

test('what was seen is skipped', () => {
  const drive = new Drive();
  drive.enter();
  const second = drive.msg(2, 1, 'Ann', 'two');
  drive.server(second, drive.msg(5, 1, 'Ann', 'five'), second, drive.msg(4, 1, 'Ann', 'four'));
  assert.deepEqual(texts(drive), ['two', 'five']);
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
  assert.deepEqual(drive.told('people')[0].people.map(({ nick, own }) => [nick, own]), [['Bo', false], ['Ann', true]]);
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

test('a gap is told and moves on', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('send', 'hi');
  drive.server({ t: 'gap', from: 2, to: 9, why: 'slow' }, drive.msg(9, 1, 'Ann', 'gone'), drive.msg(10, 1, 'Ann', 'here'));
  assert.deepEqual(drive.told('gap'), [{ type: 'gap', from: 2, to: 9, why: 'slow' }]);
  assert.deepEqual(texts(drive), ['here']);
  assert.deepEqual(drive.sent.map((frame) => frame.id), ['1', '1'], 'what was not seen back is repeated');
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

test('what is no frame ends the session', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('frame', '{"t":"msg"}', drive.now);
  assert.equal(drive.session.state, 'ended');
  assert.equal(drive.told('state')[0].code, 'server_unclear');
  assert.deepEqual(drive.asked, [{ do: 'close' }]);
});

test('leaving says bye and closes cleanly', () => {
  const drive = new Drive();
  drive.enter();
  drive.call('leave');
  assert.deepEqual(drive.sent, [{ t: 'bye' }]);
  assert.deepEqual(drive.asked, [{ do: 'close', code: 1000 }]);
  assert.deepEqual(states(drive), ['ended']);
  drive.call('closed', 1006);
  assert.equal(drive.session.state, 'ended');
});

test('a fatal error gives the reason, the close code decides', () => {
  const table = [
    ['nick_taken', 4422, 'ended'], ['no_room', 4404, 'ended'], ['room_full', 4423, 'ended'],
    ['overloaded', 1013, 'lost'], ['rate', 4429, 'lost'],
  ];
  for (const [code, close, state] of table) {
    const drive = new Drive();
    drive.call('start', drive.now);
    drive.call('opened', drive.now);
    drive.server({ t: 'error', code, message: 'm', fatal: true, retry_ms: 700 });
    drive.call('closed', close);
    const last = drive.told('state').at(-1);
    assert.deepEqual([last.state, last.code, last.wasIn, last.retryMs], [state, code, false, 700]);
  }
});

test('without an error the close code speaks', () => {
  for (const [close, state, code] of [[4410, 'ended', 'room_ended'], [1012, 'lost', 'restart'], [1006, 'lost', 'connection_lost']]) {
    const drive = new Drive();
    drive.enter();
    drive.call('closed', close);
    const [last] = drive.told('state');
    assert.deepEqual([last.state, last.code, last.wasIn], [state, code, true]);
  }
});

test('a socket that never opens is unreachable', () => {
  const drive = new Drive();
  drive.call('start', drive.now);
  drive.call('closed', 1006);
  assert.deepEqual(drive.told('state').at(-1).code, 'unreachable');
});

test('joining again keeps what was seen, with a new key', () => {
  const drive = new Drive();
  drive.enter();
  drive.server(drive.msg(2, 1, 'Ann', 'two'));
  const id = drive.call('send', 'found');
  const lost = drive.call('send', 'not found');
  drive.call('closed', 1006);
  drive.forget();
  drive.welcome({ sid: 26, seq: 5, peers: [person(26, 'Ann')] });
  assert.equal(drive.sent[0].key, 'AgICAgICAgICAgICAgICAg');
  assert.deepEqual([drive.told('welcome')[0].again, drive.told('welcome')[0].another], [true, false]);
  drive.server(drive.msg(2, 1, 'Ann', 'two'), drive.msg(3, 1, 'Ann', 'found', id), drive.join(5, 26, 'Ann'));
  drive.server({ t: 'live', seq: 5 });
  assert.deepEqual(texts(drive), ['found']);
  assert.equal(drive.told('message')[0].own, true);
  assert.deepEqual(drive.told('acknowledged'), [{ type: 'acknowledged', id }]);
  assert.deepEqual(drive.told('unsure'), [{ type: 'unsure', id: lost }]);
  assert.equal(drive.sent.filter((frame) => frame.t === 'send').length, 0, 'a plain room repeats nothing by itself');
});

test('another room instance starts its numbers over', () => {
  const drive = new Drive();
  drive.enter();
  drive.server(drive.msg(7, 1, 'Ann', 'old'));
  drive.call('closed', 1012);
  drive.welcome({ inst: OTHER_INST });
  assert.equal(drive.told('welcome')[0].another, true);
  drive.server(drive.msg(1, 1, 'Ann', 'new'));
  assert.deepEqual(texts(drive), ['old', 'new']);
});
