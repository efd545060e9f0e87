//! Commands: what is one, and what is said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, complete, parse } from '../../js/core/commands.js';
import { say } from '../../js/text/say.js';

const said = (text) => {
  const { kind, text: words } = parse(text);
  assert.equal(kind, 'say', text);
  return words;
};
const read = (text) => {
  const { kind, name, argument } = parse(text);
  return [kind, name, argument].join(' ');
};

test('a command is read with its argument', () => {
  assert.deepEqual(parse('/nick Ann Lee '), { kind: 'command', name: 'nick', argument: 'Ann Lee' });
  assert.deepEqual(parse('/who'), { kind: 'command', name: 'who', argument: '' });
  assert.equal(read('/CODE '), 'command code ');
  assert.equal(read('/leave'), 'command leave ');
  assert.equal(read('/help\n'), 'command help ');
  assert.equal(read('/nick a\nb'), 'command nick a\nb');
});

test('what takes an argument gets one, and nothing else does', () => {
  for (const text of ['/nick', '/nick ', '/me', '/me \n', '/leave me alone', '/who is it']) {
    assert.equal(parse(text).kind, 'misused', text);
  }
});

test('a word that is no command is named', () => {
  assert.equal(read('/nik Ann'), 'unknown nik Ann');
  assert.equal(read('/tmp'), 'unknown tmp ');
  assert.equal(read('/constructor'), 'unknown constructor ');
  assert.equal(read('/кто\nздесь'), 'unknown кто здесь');
});

test('text is said as it stands', () => {
  for (const text of ['hi', '', '/', '/ who', '/usr/bin', '/who/', '/who?', '/2', '/who-is', ' /who', 'a /who', '\n/who']) {
    assert.equal(said(text), text);
  }
  assert.equal(said(`/${'a'.repeat(16_000)}!`).length, 16_002);
});

test('two slashes say one', () => {
  for (const text of ['/who', '/usr/bin', '/ who']) assert.equal(said(`/${text}`), text);
  assert.equal(said('//'), '/');
  assert.equal(said('///'), '//');
});

test('a deed is said in italics, line by line', () => {
  assert.equal(said('/me waves '), '*waves*');
  assert.equal(said('/me waves\n \n and smiles'), '*waves*\n\n*and smiles*');
});

test('what is begun is completed', () => {
  const names = (text) => complete(text).map(({ name }) => name).join(' ');
  assert.equal(names('/'), COMMANDS.map(({ name }) => name).join(' '));
  assert.equal(names('/N'), 'nick');
  assert.equal(names('/who'), 'who');
  for (const text of ['', 'n', '//', '/x', '/who ', ' /who']) assert.equal(names(text), '', text);
});

test('each command is explained', () => {
  for (const { name, help, argument } of COMMANDS) {
    assert.equal(help, `command.${name}`);
    assert.notEqual(say(help), '');
    if (argument !== undefined) assert.notEqual(say(argument), '');
  }
  assert.match(say('command.unknown', { name: 'x' }), /\/x.*\/\/x/);
  assert.match(say('command.misused', { usage: '/nick NAME' }), /\/nick NAME/);
});
