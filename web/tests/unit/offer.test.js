//! What is offered of what the server allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choicesOf, readInfo, wishesOf } from '../../js/core/offer.js';
import { CheckShapeError } from '../../js/core/shape.js';

const bounds = (min, max, value) => ({ min, max, default: value });

const OPTS = { ttl_s: bounds(60, 86_400, 86_400), max: bounds(1, 256, 256), history: bounds(0, 512, 100) };

test('an answer is read as the protocol has it, whatever else is in it', () => {
  const info = { limits: { text: 16_384, nick: 32, later: {} }, opts: { ...OPTS, later: 1 }, later: null };
  assert.deepEqual(readInfo(info), { limits: { text: 16_384 }, opts: OPTS });
  assert.equal(readInfo({ ...info, create_key: true }).create_key, true);
  const { history, ...lacking } = OPTS;
  for (const wrong of [
    null, [], {}, { limits: { text: 1 } }, { limits: { text: 1 }, opts: lacking }, { limits: { text: '1' }, opts: OPTS },
    { limits: { text: 1 }, opts: { ...lacking, history: { ...history, max: -1 } } },
    { limits: { text: 1 }, opts: OPTS, create_key: 'yes' },
  ]) assert.throws(() => readInfo(wrong), CheckShapeError);
});

test('what is usual is offered within the bounds, with the bound and the default', () => {
  assert.deepEqual(choicesOf('ttl_s', OPTS.ttl_s), [600, 3600, 28_800, 86_400]);
  assert.deepEqual(choicesOf('ttl_s', bounds(3600, 129_600, 7200)), [3600, 7200, 28_800, 86_400, 129_600]);
  assert.deepEqual(choicesOf('ttl_s', bounds(5, 5, 5)), [5]);
  assert.deepEqual(choicesOf('max', OPTS.max), [2, 5, 10, 50, 256]);
  assert.deepEqual(choicesOf('history', OPTS.history), [0, 20, 100, 512]);
  assert.deepEqual(choicesOf('history', bounds(0, 0, 0)), [0]);
});

test('where there is no limit of people, that is offered last', () => {
  assert.deepEqual(choicesOf('max', bounds(1, 0, 0)), [2, 5, 10, 50, 0]);
  assert.deepEqual(choicesOf('max', bounds(1, 0, 7)), [2, 5, 7, 10, 50, 0]);
});

test('what holds anyway is not wished', () => {
  const anyway = { ttl_s: 86_400, max: 256, history: 100 };
  assert.equal(wishesOf(OPTS, anyway), undefined);
  assert.deepEqual(wishesOf(OPTS, { ...anyway, max: 2, history: 0 }), { max: 2, history: 0 });
});
