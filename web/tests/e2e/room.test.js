//! The whole way, in a real browser, against a real server, with the terminal client beside it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

for (const plain of [false, true]) test(`two windows and a terminal talk in one ${plain ? 'plain' : 'sealed'} room`, async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain });
  assert.equal(token.replaceAll('-', '').length, plain ? 16 : 28);
  await ann.sees(plain ? 'Plain room, not end-to-end encrypted' : 'End-to-end encrypted');
  await ann.sees('You are the only one here');
  const bob = await stage.window(SIZES.phone);
  await bob.join(token, 'Bob');
  const carla = stage.terminal(token, 'Carla');
  await ann.sees('Bob came in');
  await ann.sees('Carla came in');

  await ann.say('Hello, both of you');
  await bob.hears('Hello, both of you');
  await carla.line((line) => JSON.parse(line).text === 'Hello, both of you');
  await bob.message.fill('Two\nlines, привет 👋🏽');
  await bob.page.keyboard.press('Enter');
  await ann.hears('lines, привет 👋🏽');
  const msg = JSON.parse(await carla.line((line) => JSON.parse(line).text?.startsWith('Two')));
  assert.deepEqual([msg.nick, msg.text], ['Bob', 'Two\nlines, привет 👋🏽']);
  carla.say('from the terminal');
  await ann.hears('from the terminal');
  await bob.hears('from the terminal');
  assert.deepEqual(await ann.messages(), await bob.messages());

  await ann.sees('Here now: 3');
  await ann.screenshot(`room-desk${plain ? '-plain' : ''}`);
  await bob.screenshot(`room-phone${plain ? '-plain' : ''}`);
  carla.child.stdin.end();
  assert.equal(await carla.gone, 0);
  await ann.sees('Carla left');
  await bob.page.getByRole('button', { name: 'Leave' }).click();
  await ann.sees('Bob left');
  await bob.sees('You left the room.');
});

test('the token leaves the address bar at once and is never asked for', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  const asked = [];
  bob.page.on('request', (request) => asked.push(request.url()));
  await bob.page.goto(`${stage.url}/#${token.toUpperCase()}&utm=mail`);
  await bob.sees('You are invited');
  assert.equal(bob.page.url(), `${stage.url}/`);
  await bob.screenshot('invited');
  await bob.page.getByLabel('Your name in the room').fill('Bob');
  await bob.page.keyboard.press('Enter');
  await bob.live();
  assert.equal(bob.page.url(), `${stage.url}/`);
  assert.equal(await bob.link(), `${stage.url}/#${token}`);
  assert.deepEqual(asked.filter((url) => url.toLowerCase().includes(token.slice(0, 9))), []);
});

test('a pasted link is as good as a token', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  for (const [nick, pasted] of [['Bob', `  ${stage.url}/#${token}`], ['Eve', token.replaceAll('-', ' ').toUpperCase()]]) {
    const window = await stage.window();
    await window.page.goto(stage.url);
    await window.page.getByLabel('Your name in the room').fill(nick);
    await window.page.getByLabel('Token or invite link').fill(pasted);
    await window.page.getByRole('button', { name: 'Join' }).click();
    await window.live();
    await ann.sees(`${nick} came in`);
  }
});

test('what is wrong is said in a sentence', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain: true });
  const bob = await stage.window(SIZES.phone);
  await bob.followLink(token, 'aNN');
  await bob.sees('Somebody in this room has that name already. Choose another one.');
  await bob.screenshot('nick-taken');
  await bob.page.getByLabel('Your name in the room').fill('Bob');
  await bob.page.keyboard.press('Enter');
  await bob.live();

  const lost = await stage.window();
  await lost.followLink('0000-0000-0000-0000', 'Lost');
  await lost.sees('There is no such room: it has ended, or the token is wrong.');
  await lost.page.goto(`${stage.url}/#0000-0000-0000`);
  await lost.page.reload();
  await lost.page.goto(`${stage.url}/?again#0000-0000-0000`);
  await lost.sees('A token has 28 symbols, or 16 for a plain room, and this one has 12.');
  await lost.screenshot('wrong-token');

  await ann.message.fill('x'.repeat(16_385));
  await ann.page.keyboard.press('Enter');
  await ann.sees('This message is too long');
});

test('who is typing is seen, and who is called otherwise', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await bob.message.pressSequentially('hm');
  await ann.sees('Bob is typing…');
  await bob.page.getByRole('button', { name: 'Change your name' }).click();
  await bob.page.getByLabel('Your new name').fill('Robert');
  await bob.page.getByRole('button', { name: 'Save' }).click();
  await ann.sees('Bob is now called Robert');
});

test('a server that stops is said, and what was written stays', async () => {
  const second = await Stage.open();
  try {
    const ann = await second.window();
    await ann.openRoom('Ann');
    await ann.say('still here');
    await ann.hears('still here');
    await second.server.stop();
    await ann.sees('Trying again in');
    await ann.hears('still here');
    await ann.page.getByRole('button', { name: 'Now', exact: true }).waitFor();
    await ann.screenshot('server-stopped');
  } finally {
    await second.close();
  }
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
