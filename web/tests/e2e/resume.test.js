//! Lost connections: the page comes back by itself, nothing is lost, and nothing comes twice.

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

/** A window whose connection goes through the proxy. */
async function throughProxy(size) {
  const window = await stage.window(size);
  window.url = proxy.url;
  return window;
}

/** Loses the connection, heals the network once that was seen, and waits until the window is in again. */
async function outAndIn({ page }, lose) {
  // The page is out for a moment only, perhaps: it is watched from before.
  await page.evaluate(() => {
    const room = document.querySelector('.room');
    const comes = (isLive) => new Promise((resolve) => {
      const look = () => (room.dataset.state === 'live') === isLive && resolve();
      new MutationObserver(look).observe(room, { attributes: true });
    });
    window.out = comes(false);
    window.back = window.out.then(() => comes(true));
  });
  await lose();
  await page.evaluate(() => window.out);
  proxy.heal();
  await page.evaluate(() => window.back);
}

const lines = (window) => window.page.locator('.log > *').allInnerTexts();

for (const plain of [false, true]) test(`a ${plain ? 'plain' : 'sealed'} room goes on after each way of losing the connection`, async () => {
  const ann = await throughProxy();
  const token = await ann.openRoom('Ann', { plain });
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.sees('Bob came in');
  const before = (await lines(ann)).length;
  const breaks = [() => proxy.cut(), () => proxy.cut('fin'), async () => {
    proxy.truncate(7);
    await bob.say('cut through');
  }];
  for (const [number, lose] of breaks.entries()) {
    await outAndIn(ann, async () => {
      await lose();
      await bob.say(`while away ${number}`);
    });
    await ann.hears(`while away ${number}`);
    await ann.say(`back ${number}`);
    await bob.hears(`back ${number}`);
  }
  await ann.hears('back 2');
  await bob.say('last');
  await ann.hears('last');
  assert.deepEqual(await ann.messages(), await bob.messages());
  assert.deepEqual(await ann.messages(), [
    'while away 0', 'back 0', 'while away 1', 'back 1', 'cut through', 'while away 2', 'back 2', 'last',
  ]);
  // The conversation just goes on: nobody is told of anything else.
  assert.equal((await lines(ann)).length, before + 8);
  assert.equal(await bob.page.getByText('Ann came in').count(), 1);
});

test('what is typed while disconnected waits in sight, and arrives once', async () => {
  for (const size of Object.keys(SIZES)) {
    const ann = await throughProxy(SIZES[size]);
    const token = await ann.openRoom('Ann');
    const bob = await stage.window();
    await bob.join(token, 'Bob');
    await ann.say('before');
    await bob.hears('before');
    proxy.refuse();
    proxy.cut();
    await ann.sees('Trying again in');
    await ann.say('one');
    await ann.say('two');
    await ann.sees('Waiting for the connection…');
    await ann.screenshot(`lost-${size}`);
    await ann.message.pressSequentially('dra');
    // So long that nobody comes back before the button is pressed.
    await ann.sees(/Trying again in ([3-9]|\d\d) s/);
    proxy.heal();
    await ann.page.getByRole('button', { name: 'Now', exact: true }).click();
    await ann.live();
    await bob.hears('two');
    await ann.hears('two');
    await ann.message.pressSequentially('ft');
    assert.equal(await ann.message.inputValue(), 'draft');
    assert.deepEqual(await bob.messages(), ['before', 'one', 'two']);
    assert.deepEqual(await ann.messages(), ['before', 'one', 'two']);
    assert.equal(await ann.page.locator('.pending').count(), 0);
  }
});

test('the seconds until the next attempt are counted down', async () => {
  const ann = await throughProxy();
  await ann.openRoom('Ann');
  proxy.refuse();
  proxy.cut();
  const timer = ann.page.getByRole('timer').filter({ hasText: 'Trying again in' });
  // The delay grows, so that in the end there is something to count.
  await timer.filter({ hasText: /in [2-9] s/ }).waitFor();
  const from = Number(/\d+/.exec(await timer.innerText())[0]);
  await timer.filter({ hasText: `in ${from - 1} s` }).waitFor();
  proxy.heal();
  await ann.live();
  assert.equal(await timer.count(), 0);
});

test('a connection that hangs is given up, and what was sent into it arrives once', async () => {
  const ann = await throughProxy();
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  proxy.stall();
  await ann.say('into the void');
  await ann.sees('Sending…');
  const out = ann.state(['waiting', 'connecting']);
  // What a waking machine does: it asks whether the server is there, and gives it ten seconds.
  await ann.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await out;
  proxy.heal();
  await ann.live();
  await bob.hears('into the void');
  await ann.hears('into the void');
  await bob.say('heard');
  await ann.hears('heard');
  assert.deepEqual(await bob.messages(), ['into the void', 'heard']);
  assert.deepEqual(await ann.messages(), ['into the void', 'heard']);
});

test('a browser that is offline says so', async () => {
  for (const size of Object.keys(SIZES)) {
    const ann = await throughProxy(SIZES[size]);
    await ann.openRoom('Ann');
    await ann.page.context().setOffline(true);
    proxy.cut();
    await ann.sees('You are offline.');
    await ann.screenshot(`offline-${size}`);
    await ann.page.context().setOffline(false);
    await ann.live();
  }
});

test('a reload goes straight back into a plain room, as the same person, with the draft', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann', { plain: true });
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.say('before');
  await bob.hears('before');
  await ann.message.fill('half a sen');
  await ann.page.reload();
  await ann.live();
  assert.equal(ann.page.url(), `${stage.url}/`);
  await ann.hears('before');
  assert.equal(await ann.message.inputValue(), 'half a sen');
  await ann.page.keyboard.type('tence');
  await ann.page.keyboard.press('Enter');
  await bob.hears('half a sentence');
  await ann.hears('half a sentence');
  assert.equal(await ann.page.locator('.message.own').count(), 2);
  assert.equal(await bob.page.getByText('Ann left').count(), 0);
  assert.equal(await bob.page.getByText('Here now: 2').count(), 1);
  await ann.page.reload();
  await ann.live();
  assert.equal(await ann.message.inputValue(), '');
  // Ids of an earlier page would be taken for repeats.
  await ann.say('one more');
  await bob.hears('one more');
  assert.deepEqual(await bob.messages(), ['before', 'half a sentence', 'one more']);
});

test('a reload goes straight back into a sealed room, with a new key, the newest name and the draft', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.say('before');
  await bob.hears('before');
  await ann.page.getByRole('button', { name: 'Change your name' }).click();
  await ann.page.getByLabel('Your new name').fill('Anna');
  await ann.page.getByRole('button', { name: 'Save' }).click();
  await ann.sees('You are now called Anna');
  await ann.message.fill('draft');
  await ann.page.reload();
  await ann.live();
  await bob.sees('Anna left');
  await bob.sees('Anna came in');
  await ann.hears('before');
  assert.equal(await ann.message.inputValue(), 'draft');
  await ann.message.press('Enter');
  await bob.hears('draft');
  await ann.sees('Here now: 2');
  assert.equal((await ann.link()).split('#')[1], token);
});

test('who has left a room comes back to the start, and to an empty draft', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  await ann.message.fill('never sent');
  await ann.page.getByRole('button', { name: 'Leave' }).click();
  await ann.page.getByRole('button', { name: 'Leave anyway' }).click();
  await ann.page.reload();
  await ann.sees('A room for a quick talk');
  await ann.followLink(token, 'Ann');
  await ann.live();
  assert.equal(await ann.message.inputValue(), '');
});

test('a reload that leads nowhere ends at the start, with the token', async () => {
  const ann = await throughProxy();
  const token = await ann.openRoom('Ann', { plain: true });
  // The page comes, the socket doesn't.
  let works = false;
  await ann.page.routeWebSocket(/\/ws$/, (socket) => (works ? socket.connectToServer() : socket.close({ code: 1011 })));
  await ann.page.reload();
  await ann.sees('You are invited');
  works = true;
  await ann.page.reload();
  await ann.live();
  assert.equal((await ann.link()).split('#')[1], token);
});

for (const plain of [false, true]) test(`of two tabs with one ${plain ? 'plain' : 'sealed'} session the later one goes on, until the other takes it back`, async () => {
  const ann = await stage.window(SIZES.phone);
  const token = await ann.openRoom('Ann', { plain });
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.say('from the first');
  await bob.hears('from the first');

  const second = await stage.twin(ann);
  await ann.sees('The conversation goes on in another window.');
  await ann.screenshot(`replaced-phone${plain ? '-plain' : ''}`);
  await second.say('from the second');
  await bob.hears('from the second');

  await ann.page.getByRole('button', { name: 'Use it here' }).click();
  await ann.live();
  await second.sees('The conversation goes on in another window.');
  await second.screenshot(`replaced-desk${plain ? '-plain' : ''}`);
  await ann.hears('from the second');
  await ann.say('from the first again');
  await bob.hears('from the first again');
  assert.deepEqual(await bob.messages(), ['from the first', 'from the second', 'from the first again']);
});

test('a name that was taken while one was away is chosen anew, and what was written still goes out', async () => {
  const short = await Stage.open('--grace', '1s');
  const narrow = await Proxy.open(short.url);
  try {
    for (const size of Object.keys(SIZES)) {
      const ann = await short.window(SIZES[size]);
      ann.url = narrow.url;
      const token = await ann.openRoom('Ann', { plain: true });
      const bob = await short.window();
      await bob.join(token, 'Bob');
      narrow.refuse();
      narrow.cut();
      await bob.sees('Ann lost the connection and is gone');
      const other = await short.window();
      await other.join(token, 'Ann');
      await ann.say('written meanwhile');
      narrow.heal();
      // Whether it waits or is just trying: it is woken until it is there.
      await ann.page.evaluate(() => { window.waking = setInterval(() => window.dispatchEvent(new Event('online')), 200); });
      await ann.sees('Somebody in this room has that name already.');
      await ann.page.evaluate(() => clearInterval(window.waking));
      await ann.screenshot(`other-name-${size}`);
      await ann.page.keyboard.type('Anna');
      await ann.page.keyboard.press('Enter');
      await ann.live();
      await bob.hears('written meanwhile');
      await ann.hears('written meanwhile');
      await bob.sees('Anna came in');
      assert.deepEqual(await bob.messages(), ['written meanwhile']);
    }
  } finally {
    await short.close();
    await narrow.close();
  }
});

test('a sealed room goes on when the server was started anew, a plain one is gone', async () => {
  const first = await Stage.open();
  const door = await Proxy.open(first.url);
  let second;
  try {
    for (const plain of [false, true]) {
      const ann = await first.window(plain ? SIZES.phone : SIZES.desk);
      ann.url = door.url;
      await ann.openRoom('Ann', { plain });
      await ann.say('before');
      await ann.hears('before');
      if (!plain) continue;
      // Both are in when the server goes.
      const [sealed] = first.windows;
      await first.server.stop();
      await ann.sees('Trying again in');
      await ann.say('unsure');
      second = await Stage.open();
      door.target = second.url;
      await sealed.live();
      await sealed.sees('The room was opened anew.');
      await sealed.screenshot('reopened');
      await sealed.say('after');
      await sealed.hears('after');
      await ann.sees('There is no such room: it has ended, or the token is wrong.');
      await ann.screenshot('gone-phone');
      await ann.page.getByRole('button', { name: 'Back to the start' }).click();
      await ann.sees('A room for a quick talk');
    }
  } finally {
    await first.close();
    await second?.close();
    await door.close();
  }
});

test('leaving the page is asked about only while something is on its way', async () => {
  const ann = await throughProxy();
  await ann.openRoom('Ann');
  const asked = [];
  ann.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    return dialog.accept();
  });
  await ann.say('arrived');
  await ann.hears('arrived');
  await ann.page.reload();
  await ann.live();
  assert.deepEqual(asked, []);
  // A browser asks only where somebody has done something since.
  await ann.message.click();
  proxy.refuse();
  proxy.cut();
  await ann.state(['waiting']);
  await ann.say('on its way');
  await Promise.all([ann.page.waitForEvent('dialog'), ann.page.close({ runBeforeUnload: true })]);
  proxy.heal();
  assert.deepEqual(asked, ['beforeunload']);
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.faults, []);
});
