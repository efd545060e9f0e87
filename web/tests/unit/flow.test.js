//! How entries of the log stand one below the other, what waits to be shown, and what is new, without a screen.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backlog } from '../../js/core/backlog.js';
import { APART_MAX, Flow } from '../../js/core/flow.js';
import { Unread } from '../../js/core/unread.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = new Date(2026, 10, 24, 12).getTime();

const said = (ts, from = 1, more = {}) => ({ ts, from, nick: 'Ann', ...more });
const did = (fold, ts = NOON) => ({ ts, fold });

/** What becomes of entries, as letters: a day begins, it follows, it folds. */
function placed(entries, now = NOON) {
  const flow = new Flow();
  return entries.map((entry) => {
    const { begins, follows, folds } = flow.place(entry, now);
    return `${begins ? 'd' : ''}${follows ? 'f' : ''}${folds ? 'o' : ''}`;
  });
}

test('messages of one person stand together for five minutes, until something comes between', () => {
  assert.deepEqual(placed([said(NOON), said(NOON + 1), said(NOON + 5 * MINUTE), said(NOON + 10 * MINUTE)]), ['d', 'f', 'f', '']);
  assert.deepEqual(placed([said(NOON), said(NOON, 2), said(NOON, 2)]), ['d', '', 'f']);
  assert.deepEqual(placed([said(NOON), { ts: NOON }, said(NOON)]), ['d', '', '']);
  assert.deepEqual(placed([said(NOON), said(NOON, 1, { nick: 'Anna' })]), ['d', '']);
  assert.deepEqual(placed([said(NOON), said(NOON, 1, { code: 'x3wd' }), said(NOON, 1, { offClock: true })]), ['d', '', '']);
});

test('a day begins at its first entry, between messages of one person as well', () => {
  const midnight = new Date(2026, 10, 25).getTime();
  assert.deepEqual(placed([said(midnight - 2), said(midnight - 1), said(midnight), said(midnight + 1)]), ['d', 'f', 'd', 'f']);
  assert.deepEqual(placed([did('left', midnight - 1), { sentence: 'without a time' }, said(midnight)]), ['d', '', 'd']);
  // A year ends with a smaller month.
  assert.deepEqual(placed([said(new Date(2026, 11, 31).getTime()), said(new Date(2027, 0, 1).getTime())], Infinity), ['d', 'd']);
});

test('days only go on, whatever senders say of their time', () => {
  const times = [NOON, NOON - 48 * HOUR, NOON, NOON + 25 * HOUR, NOON, 1e300, -1e300];
  assert.deepEqual(placed(times.map((ts) => said(ts, ts))), ['d', '', '', '', '', '', '']);
  assert.deepEqual(placed([said(NOON), said(NOON + 13 * HOUR, 2, { offClock: true }), said(NOON + 13 * HOUR, 3)]), ['d', '', 'd']);
});

test('lines about who comes and goes fold from the fourth on, if nothing else stands between', () => {
  assert.equal(APART_MAX, 3);
  const many = ['joined', 'left', 'renamed', 'joined', 'joined'].map((fold) => did(fold));
  assert.deepEqual(placed(many), ['d', '', '', 'o', 'o']);
  assert.deepEqual(placed([...many.slice(0, 3), said(NOON), ...many.slice(0, 4)]), ['d', '', '', '', '', '', '', 'o']);
  assert.deepEqual(placed([...many.slice(0, 3), { ts: NOON }, did('left')]), ['d', '', '', '', '']);
  assert.deepEqual(placed([...many.slice(0, 3), did('left', NOON + 12 * HOUR)], NOON + 12 * HOUR), ['d', '', '', 'd']);
});

test('after a cut nothing follows and nothing folds, and it is still the same day', () => {
  const flow = new Flow();
  const place = (entry) => flow.place(entry, NOON);
  place(said(NOON));
  flow.cut();
  assert.deepEqual(place(said(NOON)), { begins: false, follows: false, folds: false });
  for (const fold of ['joined', 'joined', 'joined']) place(did(fold));
  flow.cut();
  assert.equal(place(did('joined')).folds, false);
});

test('of too many that wait the newest are left, and what is new begins with the oldest of them', () => {
  const backlog = new Backlog(2);
  backlog.add({ n: 1, isFirstNew: true });
  backlog.add({ n: 2 });
  assert.equal(backlog.takeLoss(), false);
  backlog.add({ n: 3 });
  backlog.add({ n: 4 });
  assert.deepEqual([backlog.takeLoss(), backlog.takeLoss()], [true, false]);
  assert.deepEqual([backlog.take(), backlog.next, backlog.take(), backlog.take()], [{ n: 3, isFirstNew: true }, { n: 4 }, { n: 4 }, undefined]);
});

test('what is seen as it comes is not new', () => {
  const unread = new Unread();
  assert.deepEqual([unread.arrive(), unread.count], [false, 0]);
});

for (const [what, out, back] of [
  ['the page is hidden', (unread) => unread.show(false), (unread) => unread.show(true)],
  ['its end is out of sight', (unread) => unread.reach(false), (unread) => unread.reach(true)],
]) {
  test(`what comes while ${what} is counted, and the mark stands above the first`, () => {
    const unread = new Unread();
    out(unread);
    assert.deepEqual([unread.arrive(), unread.arrive(), unread.count], [true, false, 2]);
    back(unread);
    assert.deepEqual([unread.count, unread.arrive()], [0, false]);
    out(unread);
    assert.equal(unread.arrive(), true, 'the mark moves to what is new now');
  });
}

test('a hidden page whose end is out of sight needs both back', () => {
  const unread = new Unread();
  unread.reach(false);
  unread.show(false);
  unread.arrive();
  unread.show(true);
  assert.deepEqual([unread.count, unread.arrive(), unread.count], [1, false, 2]);
  unread.reach(true);
  assert.equal(unread.count, 0);
});

test('the mark goes when the person writes or the page is hidden, if what it stands above was seen', () => {
  const unread = new Unread();
  unread.show(false);
  unread.arrive();
  assert.equal(unread.write(), false);
  assert.equal(unread.show(false), false);
  assert.equal(unread.show(true), false, 'it is what the person comes back for');
  assert.equal(unread.write(), true);
  assert.equal(unread.show(false), true);
});
