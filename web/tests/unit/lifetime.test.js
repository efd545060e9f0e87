//! The time that is left, in virtual time.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Lifetime } from '../../js/core/lifetime.js';

const MINUTE = 60_000;

/** A room that ends at `end`. */
function endingAt(end) {
  const lifetime = new Lifetime();
  lifetime.set(end);
  return lifetime;
}

/** Looks whenever it is to be looked, `lateMs` late each time, until it is over. */
function live(lifetime, lateMs = 0) {
  const looks = [];
  for (let now = 0; looks.length < 10_000;) {
    const look = { now, ...lifetime.at(now) };
    looks.push(look);
    if (look.isOver) return looks;
    now += look.nextMs + lateMs;
  }
  throw new Error('it never ends');
}

test('each minute is shown, to the end', () => {
  const looks = live(endingAt(90 * MINUTE));
  const shown = looks.map(({ hours, minutes }) => hours * 60 + minutes);
  assert.deepEqual(shown, [90, ...Array.from({ length: 90 }, (_, n) => 90 - n), 0]);
  assert.ok(looks.at(-1).now - 90 * MINUTE < 1000);
});

test('it is said at ten minutes, at five and at one, once each, and is soon from the first on', () => {
  for (const lateMs of [0, 15, 300]) {
    const looks = live(endingAt(25 * MINUTE), lateMs);
    assert.deepEqual(looks.filter(({ isToBeSaid }) => isToBeSaid).map(({ minutes }) => minutes), [10, 5, 1]);
    assert.deepEqual(looks.filter(({ isSoon }) => !isSoon).at(-1).minutes, 11);
  }
});

test('who comes late hears it once, of what is left', () => {
  const said = live(endingAt(4 * MINUTE)).filter(({ isToBeSaid }) => isToBeSaid);
  assert.deepEqual(said.map(({ minutes }) => minutes), [4, 1]);
  const looks = live(endingAt(20_000));
  assert.deepEqual(looks.map(({ minutes, isToBeSaid, isOver }) => [minutes, isToBeSaid, isOver]), [[0, true, false], [0, false, true]]);
});

test('a machine that slept says what holds now, and nothing of what is past', () => {
  const lifetime = endingAt(60 * MINUTE);
  assert.equal(lifetime.at(0).isToBeSaid, false);
  const awake = lifetime.at(57 * MINUTE);
  assert.deepEqual([awake.minutes, awake.isToBeSaid], [3, true]);
  const over = lifetime.at(70 * MINUTE);
  assert.deepEqual([over.isOver, over.minutes, over.isToBeSaid], [true, 0, false]);
});

test('another connection repeats nothing, another room begins anew', () => {
  const lifetime = endingAt(10 * MINUTE);
  assert.equal(lifetime.at(0).isToBeSaid, true);
  lifetime.set(10 * MINUTE + 40);
  assert.equal(lifetime.at(50).isToBeSaid, false);
  lifetime.set(60 * MINUTE);
  assert.equal(lifetime.at(52 * MINUTE).isToBeSaid, true);
});
