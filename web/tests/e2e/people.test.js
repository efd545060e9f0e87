//! The list of people: who is here, away, reconnecting or typing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Proxy } from './proxy.js';
import { SIZES, Stage } from './stage.js';

let stage;
let proxy;
before(async () => {
  stage = await Stage.open();
  proxy = await Proxy.open(stage.url);
});
after(async () => {
  await stage.close();
  await proxy.close();
});

/** Somebody's entry in the list that this window shows, once it says all these words. */
function entry({ page }, nick, ...words) {
  const named = page.locator('.person').filter({ has: page.locator('.nick', { hasText: new RegExp(`^${nick}$`) }) });
  return words.reduce((found, word) => found.filter({ hasText: word }), named);
}

/** The words that can be seen of each entry. */
const shown = ({ page }) => page.locator('.person').evaluateAll((items) => items.map((item) => [...item.children]
  .filter((child) => !child.hidden && !child.matches('.person-dot')).map((child) => child.textContent).join(' ')));

/** Takes a page out of sight, or back into it, as its browser would say so. */
function setSight({ page }, visible) {
  return page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visible ? 'visible' : 'hidden');
}

for (const plain of [false, true]) test(`in a ${plain ? 'plain' : 'sealed'} room the others see who is away, and who is reconnecting`, async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain });
  const bob = await stage.window();
  bob.url = proxy.url;
  await bob.page.clock.install();
  await bob.join(token, 'Bob');
  await entry(ann, 'Bob', 'here').waitFor();
  assert.deepEqual(await shown(bob), ['Bob you here', 'Ann here']);

  await setSight(bob, false);
  for (const seconds of [10, 20, 30]) {
    assert.equal(await entry(ann, 'Bob', 'away').count(), 0);
    await bob.page.clock.runFor(10_000);
    // So that the connection is known to be alive.
    await ann.say(`${seconds} seconds`);
    await bob.hears(`${seconds} seconds`);
  }
  await entry(ann, 'Bob', 'away').waitFor();
  await ann.screenshot(`people-away-${plain ? 'plain' : 'sealed'}-desk`);
  // Who comes now is told too.
  const cem = await stage.window(SIZES.phone);
  await cem.join(token, 'Cem');
  await entry(cem, 'Bob', 'away').waitFor({ state: 'attached' });

  proxy.refuse();
  proxy.cut();
  await entry(ann, 'Bob', 'reconnecting').waitFor();
  assert.deepEqual(await shown(ann), ['Ann you here', 'Bob reconnecting', 'Cem here']);
  for (const scheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await ann.page.emulateMedia({ colorScheme: scheme });
      await ann.page.setViewportSize(viewport);
      if (size === 'phone') await ann.page.locator('.panel-toggle').click();
      await ann.screenshot(`people-${plain ? 'plain' : 'sealed'}-${size}-${scheme}`);
      if (size === 'phone') await ann.page.locator('.panel-toggle').click();
    }
  }

  // Still out of sight, it comes back: away, and here once it is looked at.
  proxy.heal();
  await bob.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await entry(ann, 'Bob', 'away').waitFor();
  await setSight(bob, true);
  await entry(ann, 'Bob', 'here').waitFor();
  await bob.say('here I am');
  await ann.hears('here I am');
  assert.equal(await ann.page.getByText('Bob came in').count(), 1);
});

test('a page in sight whose window has not the keyboard is not away', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain: true });
  const bob = await stage.window();
  await bob.page.clock.install();
  await bob.join(token, 'Bob');
  await bob.page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await bob.page.clock.runFor(60_000);
  await bob.say('still here');
  await ann.hears('still here');
  assert.deepEqual(await shown(ann), ['Ann you here', 'Bob here']);
});

test('the list says who types and who has a simple client, and is read by nobody on its own', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain: true });
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  const pat = await stage.window();
  await pat.page.goto(stage.url);
  await pat.page.evaluate((of) => {
    window.socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws?token=${of}&nick=Pat`);
  }, token);
  await entry(ann, 'Pat', 'simple client').waitFor();
  await bob.message.pressSequentially('Well');
  await entry(ann, 'Bob', 'typing…').filter({ has: ann.page.getByText('typing…').filter({ visible: true }) }).waitFor();
  assert.deepEqual(await shown(ann), ['Ann you here', 'Bob here typing…', 'Pat simple client here']);
  await ann.screenshot('people-typing-desk');
  await bob.message.press('Enter');
  await ann.hears('Well');
  assert.deepEqual(await shown(ann), ['Ann you here', 'Bob here', 'Pat simple client here']);
  const isLive = await ann.page.locator('.people-list').evaluate((list) => list.closest('[aria-live], [role="status"], [role="log"]'));
  assert.equal(isLive, null);
});

test('nothing of all this went wrong in the page', () => {
  const expected = /ERR_CONNECTION_RESET|WebSocket connection to/;
  assert.deepEqual(stage.complaints.filter((complaint) => !expected.test(complaint)), []);
});
