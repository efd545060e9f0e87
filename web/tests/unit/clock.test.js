//! The page's clock.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { now } from '../../js/io/clock.js';

test('the clock goes on while the machine sleeps, and never back', (context) => {
  context.after(() => mock.restoreAll());
  const [elapsed, wall] = [performance.now(), Date.now()];
  const from = now();
  mock.method(performance, 'now', () => elapsed + 10);
  assert.ok(now() - from <= 20);
  // What it counts stood still meanwhile.
  const date = mock.method(Date, 'now', () => wall + 3_600_000);
  const awake = now();
  assert.ok(awake - from >= 3_599_000);
  date.mock.mockImplementation(() => wall - 3_600_000);
  assert.equal(now(), awake);
});
