//! A server that opens rooms for whoever has its key.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Proxy } from './proxy.js';
import { SIZES, Stage } from './stage.js';

const KEY = 'quercus-robur';

let folder;
let flags;
let stage;
const proxies = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-key-'));
  flags = ['--create-key', join(folder, 'key')];
  await writeFile(flags[1], `${KEY}\n`);
  stage = await Stage.open(...flags);
  proxies.push(await Proxy.open(stage.url), await Proxy.open(stage.url));
});
after(async () => {
  await stage.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await rm(folder, { recursive: true });
});

const keyField = (window) => window.page.getByLabel(window.words('landing.key_label'));

/** Opens a room with the key. */
async function openRoom(window, nick, key = KEY) {
  await window.page.goto(window.url);
  await keyField(window).fill(key);
  await window.nick.fill(nick);
  await window.button('landing.create').click();
}

for (const plain of [false, true]) test(`a ${plain ? 'plain' : 'sealed'} room is opened with the key alone`, async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.page.goto(stage.url);
  await keyField(ann).waitFor();
  if (plain) {
    await ann.page.getByText(ann.words('options.heading')).click();
    await ann.page.getByLabel(ann.words('options.plain'), { exact: true }).check();
  }
  await ann.nick.fill('Ann');
  for (const [typed, said] of [['', 'key.empty'], ['two words', 'key.character'], ['fagus', 'key.create_key']]) {
    await keyField(ann).fill(typed);
    await ann.button('landing.create').click();
    await ann.reads(said);
    assert.equal(await ann.page.evaluate(() => document.activeElement.id), 'create-key');
    await ann.button('landing.create').waitFor();
  }
  await ann.screenshot(`key-phone${plain ? '-plain' : ''}`);
  await keyField(ann).fill(KEY);
  await ann.page.keyboard.press('Enter');
  await ann.live();

  // Whoever is invited needs none.
  const bob = await stage.window();
  await bob.page.goto(`${stage.url}/#${(await ann.link()).split('#')[1]}`);
  await bob.nick.fill('Bob');
  assert.equal(await keyField(bob).isVisible(), false);
  await bob.button('landing.join_invited').click();
  await bob.live();
});

test('who opens a room again is asked for it', async () => {
  const ann = await stage.window();
  await ann.followLink('000g-40r4-0m30-e209-185g-r38e-1wpn', 'Ann');
  await ann.button('landing.open_again').click();
  await ann.reads('key.empty');
  await keyField(ann).fill('fagus');
  await ann.button('landing.open_again').click();
  await ann.reads('key.create_key');
  await keyField(ann).fill(KEY);
  await ann.button('landing.open_again').click();
  await ann.live();
});

test('it is asked for where the page didn\'t know that it is wanted', async () => {
  const ann = await stage.window();
  await ann.page.route('**/info', (route) => route.abort());
  await ann.page.goto(stage.url);
  await ann.nick.fill('Ann');
  await ann.button('landing.create').click();
  await ann.reads('key.empty');
  await keyField(ann).fill(KEY);
  await ann.button('landing.create').click();
  await ann.live();
});

test('after a restart the others wait for whoever has the key, who was reloaded meanwhile', async () => {
  const [ann, bob] = [await stage.window(), await stage.window()];
  [ann.url, bob.url] = proxies.map(({ url }) => url);
  await openRoom(ann, 'Ann');
  await ann.live();
  await bob.join((await ann.link()).split('#')[1], 'Bob');
  await ann.page.reload();
  await ann.live();
  const stored = await ann.page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(!stored.includes(KEY), stored);

  const next = stage.run('CHAT_SERVER_BIN', '--listen', '127.0.0.1:0', ...flags);
  const line = await next.line((text) => text.includes('http://'));
  for (const proxy of proxies) [proxy.target] = /http:\/\/[\d.:]+/.exec(line);
  proxies[0].refuse();
  await stage.server.stop();
  await bob.reads('link.keyless');
  proxies[0].heal();
  await Promise.all([ann.live(), bob.live()]);
  await bob.say('again');
  await ann.hears('again');
  await ann.button('room.leave').click();
});

test('nothing was wrong in the page', () => assert.deepEqual(stage.faults.filter((fault) => !/status of 401/.test(fault)), []));
