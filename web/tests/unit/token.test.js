//! Tokens and invite URLs, read however they were pasted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inviteUrl, isSealed, parseToken, ParseTokenError, readInvite, tokenOfFragment } from '../../js/core/token.js';

const TOKEN = '01ab-0101-wxyz-0000';
const SEALED = '000g-40r4-0m30-e209-185g-r38e-1wpn';

const refused = (read) => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ParseTokenError);
    return error;
  }
  assert.fail('it was taken');
};

test('reading is forgiving', () => {
  for (const text of [TOKEN, '01ab0101wxyz0000', ' O1AB OIOL WXYZ OOOO\n', '--0-1-a-b-oiol-w x y z-0000--']) {
    assert.equal(parseToken(text), TOKEN, text);
  }
});

test('a wrong character is named with its place', () => {
  const { code, character, position } = refused(() => parseToken('01ab-u101-wxyz-0000'));
  assert.deepEqual({ code, character, position }, { code: 'character', character: 'u', position: 6 });
  assert.equal(refused(() => parseToken('01ab-0101-wxyz-000😀')).character, '😀');
});

test('letters that only fold to those of a token are wrong', () => {
  // The Kelvin sign's lower case is k, the dotless i's upper case is I.
  assert.equal(refused(() => parseToken('\u212a1ab-0101-wxyz-0000')).code, 'character');
  assert.equal(refused(() => parseToken('\u01311ab-0101-wxyz-0000')).code, 'character');
});

test('a wrong length is counted in symbols', () => {
  for (const [text, found] of [['01ab-0101-wxyz-000', 15], ['01ab-0101-wxyz-0000-0', 17], ['0'.repeat(100_000), 100_000]]) {
    const error = refused(() => parseToken(text));
    assert.deepEqual([error.code, error.found], ['length', found]);
  }
});

test('nothing is empty', () => {
  for (const text of ['', ' - ']) assert.equal(refused(() => parseToken(text)).code, 'empty');
});

test('a sealed token is known for what it is', () => {
  assert.equal(parseToken(SEALED.toUpperCase()), SEALED);
  assert.ok(isSealed(SEALED) && !isSealed(TOKEN));
  assert.equal(readInvite(`https://host/#${SEALED}`).token, SEALED);
});

test('a fragment ends at the first &', () => {
  assert.equal(tokenOfFragment(`#${TOKEN}&utm=1&x`), TOKEN);
  assert.equal(tokenOfFragment(TOKEN), TOKEN);
  assert.equal(tokenOfFragment('#'), '');
});

test('an invite is a token or a link', () => {
  for (const [text, host] of [
    [TOKEN, null],
    [`  ${TOKEN} `, null],
    [`#${TOKEN}`, null],
    [`https://Chat.Example:8443/a/b#${TOKEN}`, 'chat.example:8443'],
    [`http://localhost:8080/?x=1#${TOKEN}&y`, 'localhost:8080'],
    [`chat.example/#${TOKEN}`, null],
  ]) {
    assert.deepEqual(readInvite(text), { token: TOKEN, host }, text);
  }
});

test('a link without a token says so', () => {
  assert.equal(refused(() => readInvite('https://chat.example/')).code, 'no_fragment');
  assert.equal(refused(() => readInvite('https://chat.example/#')).code, 'empty');
});

test('an invite URL is the page and the token', () => {
  assert.equal(inviteUrl('https://host/a/?b=c#d', TOKEN), `https://host/a/#${TOKEN}`);
});

test('what is written is read back', () => {
  const symbols = '0123456789abcdefghjkmnpqrstvwxyz';
  for (let start = 0; start < 32; start += 1) {
    const token = Array.from({ length: 16 }, (_, i) => symbols[(start + i * 5) % 32]).join('').replace(/(.{4})(?!$)/g, '$1-');
    assert.equal(readInvite(inviteUrl('https://host/', token.toUpperCase())).token, token);
  }
});
