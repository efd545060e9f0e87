//! What is chosen in the settings, whatever the browser's store holds.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { rememberChoices, rememberedChoices } from '../../js/io/preferences.js';

const FIRST = { theme: 'system', notify: false, text: false, sound: 'off' };

afterEach(() => delete globalThis.window);

/** A store that holds `text` for everything that it is asked for. */
function store(text) {
  const stored = { text };
  globalThis.window = { localStorage: { getItem: () => stored.text, setItem: (_, written) => Object.assign(stored, { text: written }) } };
}

test('nothing is on that was not chosen', () => {
  store(null);
  assert.deepEqual(rememberedChoices(), FIRST);
});

test('what was chosen is remembered', () => {
  store(null);
  const chosen = { theme: 'dark', notify: true, text: true, sound: 'mentions' };
  rememberChoices(chosen);
  assert.deepEqual(rememberedChoices(), chosen);
});

test('of what somebody else has stored only what can be chosen is taken', () => {
  for (const text of ['', '{', 'null', '7', '[]', '{"theme":"pink","notify":"yes","text":1,"sound":true}', '{"__proto__":{"theme":"dark"}}']) {
    store(text);
    assert.deepEqual(rememberedChoices(), FIRST, text);
  }
  store('{"theme":"light","sound":"loud"}');
  assert.deepEqual(rememberedChoices(), { ...FIRST, theme: 'light' });
});

test('where storage is forbidden nothing is remembered, and nothing breaks', () => {
  globalThis.window = { get localStorage() { throw new Error('forbidden'); } };
  rememberChoices({ ...FIRST, theme: 'dark' });
  assert.deepEqual(rememberedChoices(), FIRST);
});
