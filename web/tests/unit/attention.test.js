//! What is counted while the person looks elsewhere, and what is done about it.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Attention } from '../../js/core/attention.js';
import { parse } from '../../js/core/markup.js';
import { mentionsOf, mentionsOwn } from '../../js/core/mentions.js';

const LOUD = { notify: true, sound: 'all' };
const SILENT = { notify: false, sound: 'off' };
const NOTHING = { counted: false, notify: false, sound: false };

let attention;
beforeEach(() => {
  attention = new Attention();
});

/** A message of somebody else, at `now`. */
const hear = (now, details = {}, choices = LOUD) => attention.message({ own: false, mentioned: false, replayed: false, ...details }, choices, now);

const counts = () => [attention.unread, attention.mentions];

test('nobody is called who looks', () => {
  assert.deepEqual(hear(0, { mentioned: true }), NOTHING);
  assert.deepEqual(counts(), [0, 0]);
});

test('what comes while one looks elsewhere is counted until one looks again', () => {
  assert.equal(attention.look(false), false);
  hear(0);
  hear(1, { mentioned: true });
  hear(2);
  assert.deepEqual(counts(), [3, 1]);
  assert.equal(attention.look(false), false);
  assert.deepEqual(counts(), [3, 1]);
  assert.equal(attention.look(true), true);
  assert.deepEqual(counts(), [0, 0]);
  assert.equal(attention.look(true), false);
});

test('one\'s own messages and what was said before one came are no news', () => {
  attention.look(false);
  assert.deepEqual(hear(0, { own: true }), NOTHING);
  assert.deepEqual(hear(0, { replayed: true, mentioned: true }), NOTHING);
  assert.deepEqual(counts(), [0, 0]);
  assert.deepEqual(hear(0), { counted: true, notify: true, sound: true });
});

test('nothing is shown or heard that was not chosen', () => {
  attention.look(false);
  assert.deepEqual(hear(0, { mentioned: true }, SILENT), { counted: true, notify: false, sound: false });
  assert.deepEqual(hear(1, {}, { notify: false, sound: 'mentions' }), { counted: true, notify: false, sound: false });
  assert.deepEqual(hear(2, { mentioned: true }, { notify: false, sound: 'mentions' }), { counted: true, notify: false, sound: true });
  assert.deepEqual(hear(3, {}, { notify: true, sound: 'off' }), { counted: true, notify: true, sound: false });
});

test('a burst notifies and sounds once in two seconds', () => {
  attention.look(false);
  const done = Array.from({ length: 4001 }, (_, now) => hear(now));
  const times = (what) => done.flatMap((due, now) => (due[what] ? [now] : []));
  assert.deepEqual([times('notify'), times('sound')], [[0, 2000, 4000], [0, 2000, 4000]]);
  assert.equal(attention.unread, 4001);
});

test('a mention is notified at once, and then mentions are a burst, too', () => {
  attention.look(false);
  const notified = [[0, false], [100, true], [200, false], [300, true], [2099, true], [2100, false], [2200, true]]
    .filter(([now, mentioned]) => hear(now, { mentioned }).notify).map(([now]) => now);
  assert.deepEqual(notified, [0, 100, 2100, 2200]);
});

test('who has looked is notified anew at once, and hears no second sound so soon', () => {
  attention.look(false);
  hear(0, { mentioned: true });
  attention.look(true);
  attention.look(false);
  assert.deepEqual(hear(500), { counted: true, notify: true, sound: false });
  assert.equal(hear(2000).sound, true);
});

test('a text speaks to the person wherever the name stands, but not in code', () => {
  const speaks = (text) => mentionsOwn(parse(text, mentionsOf(['Bob'], 'Ann')));
  for (const text of ['@ann', 'so, **~~@Ann~~**!', '> > @ann', 'a\n*b @ann*']) assert.equal(speaks(text), true, text);
  for (const text of ['@bob', 'ann', '`@ann`', '```\n@ann\n```', 'x@ann', '']) assert.equal(speaks(text), false, text);
});
