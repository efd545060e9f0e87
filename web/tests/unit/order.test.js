//! Orders: what is sent, what is done, and what is wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../js/core/commands.js';
import { obey, renameTo } from '../../js/order.js';

/** What was done for a text, and what was answered. */
function order(text) {
  const done = [];
  const deeds = Object.fromEntries(COMMANDS.map(({ name }) => [name, (argument) => {
    done.push(argument === '' ? name : `${name}: ${argument}`);
    return null;
  }]));
  const wrong = obey(text, (sent) => {
    done.push(`sent: ${sent}`);
    return null;
  }, deeds);
  return { done, wrong };
}

test('words are sent, with emoji for their names', () => {
  assert.deepEqual(order('good :coffee:'), { done: ['sent: good ☕'], wrong: null });
  assert.deepEqual(order('// help `:coffee:`'), { done: ['sent: / help `:coffee:`'], wrong: null });
  assert.deepEqual(order('/me waves :wave:'), { done: ['sent: *waves 👋*'], wrong: null });
});

test('every command is done', () => {
  for (const { name, argument } of COMMANDS.filter((command) => command.name !== 'me')) {
    const [text, deed] = argument === undefined ? [`/${name}`, name] : [`/${name} Bob B`, `${name}: Bob B`];
    assert.deepEqual(order(text), { done: [deed], wrong: null });
  }
});

test('what is wrong is a sentence, and nothing is done', () => {
  const { done, wrong } = order(`/x${'y'.repeat(16_000)}`);
  assert.deepEqual(done, []);
  assert.match(wrong, /^There is no command \/xy+…\./);
  assert.ok(wrong.length < 200);
  assert.deepEqual(order('/nick').done, []);
  assert.match(order('/nick').wrong, /\/nick NAME/);
  assert.match(order('/who is it').wrong, /written \/who\. /);
});

test('a name is parsed before it is asked for', () => {
  const asked = [];
  assert.equal(renameTo('Zoe\u0308', (nick) => asked.push(nick)), null);
  assert.match(renameTo('a:b', (nick) => asked.push(nick)), /colon/);
  assert.match(renameTo('x'.repeat(33), (nick) => asked.push(nick)), /33 characters/);
  assert.deepEqual(asked, ['Zoë']);
});
