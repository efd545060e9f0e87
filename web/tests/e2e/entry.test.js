//! The way in and out in a real browser: what a new room may be like, how it is shared, how it ends, and how one leaves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

const alone = (window) => window.page.locator('.alone');

/** What has the focus, by what it says. */
const focused = (window) => window.page.evaluate(() => document.activeElement.textContent || document.activeElement.id);

/** What is selected in the field that has the focus. */
const selected = (window) => window.page.evaluate(() => {
  const { value, selectionStart, selectionEnd } = document.activeElement;
  return value.slice(selectionStart, selectionEnd);
});

const sticksOut = (window) => window.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** A window whose page may write to the clipboard. */
async function withClipboard() {
  const window = await stage.window();
  await window.page.context().grantPermissions(['clipboard-write']);
  return window;
}

/** Presses a button by the keyboard. */
async function press(window, name) {
  await window.page.getByRole('button', { name, exact: true }).focus();
  await window.page.keyboard.press('Enter');
}

for (const plain of [false, true]) test(`a ${plain ? 'plain' : 'sealed'} room is made as it was chosen`, async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.page.goto(stage.url);
  await ann.page.getByText('Options').click();
  await ann.page.getByLabel('The room lives').selectOption('1 hour');
  await ann.page.getByLabel('People in it').selectOption('2 at most');
  await ann.page.getByLabel('Newcomers see').selectOption('Nothing said before');
  if (plain) await ann.page.getByLabel('Plain room').check();
  await ann.screenshot(`options-phone${plain ? '-plain' : ''}`);
  await ann.page.getByLabel('Your name in the room').fill('Ann');
  await ann.page.getByRole('button', { name: 'New room' }).click();
  await ann.live();
  await ann.sees('1 h left');
  const token = (await ann.link()).split('#')[1];
  assert.equal(token.length, plain ? 19 : 34);
  await ann.say('before');
  await ann.hears('before');

  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.say('after');
  await bob.hears('after');
  assert.deepEqual(await bob.messages(), ['after']);
  const eve = await stage.window();
  await eve.followLink(token, 'Eve');
  await eve.sees('This room is full. Try again when somebody has left.');
});

test('the server\'s defaults hold where nothing is chosen', async () => {
  const ann = await stage.window();
  await ann.page.goto(stage.url);
  await ann.page.getByText('Options').click();
  await ann.page.getByLabel('The room lives').waitFor();
  const chosen = await ann.page.getByRole('combobox').evaluateAll((selects) => selects.map((select) => select.selectedOptions[0].text));
  assert.deepEqual(chosen, ['1 day', '256 at most', 'The last 100 messages']);
  await ann.openRoom('Ann');
  await ann.sees('24 h left');
});

test('the landing page says what the server allows, in each language, and keeps what was chosen', async () => {
  for (const [name, size] of Object.entries({ ...SIZES, narrow: { width: 320, height: 640 } })) {
    for (const colorScheme of ['light', 'dark']) {
      const ann = await stage.window(size, { colorScheme });
      await ann.page.goto(stage.url);
      await ann.sees('A room here lives 1 day at most, or until everybody has left. It takes up to 256 people, and messages of up to 16 KiB.');
      await ann.screenshot(`landing-${name}-${colorScheme}`);
      await ann.page.getByText('Options').click();
      await ann.page.getByLabel('People in it').selectOption('10 at most');
      await ann.page.getByRole('button', { name: 'Русский' }).click();
      await ann.sees('(самое большее 1 день) или пока все не выйдут. Пределы: до 256 человек, сообщения до 16 КиБ.');
      assert.equal(await ann.page.getByLabel('Сколько людей').inputValue(), '10');
      assert.ok(await sticksOut(ann) <= 0);
      await ann.page.screenshot({ path: new URL(`../screenshots/landing-${name}-${colorScheme}-ru.png`, import.meta.url).pathname, fullPage: true });
    }
  }
});

test('nobody waits for what the server allows, and nothing is said where it can\'t be had', async () => {
  const ann = await stage.window();
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  await ann.page.route('**/info', async (route) => {
    await asked;
    await route.fulfill({ json: { limits: {} } });
  });
  await ann.openRoom('Ann');
  await press(ann, 'Leave');
  await press(ann, 'Leave anyway');
  await ann.sees('You left the room.');
  const response = ann.page.waitForResponse('**/info');
  answer();
  await response;
  await ann.page.getByText('Options').click();
  await ann.page.getByLabel('Plain room').waitFor();
  assert.deepEqual([await ann.page.getByRole('combobox').count(), await ann.page.getByText('A room here lives').count()], [0, 0]);
});

test('from a link, Enter alone leads to the first word', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  const bob = await stage.window(SIZES.phone);
  await bob.join(token, 'Bob');
  await press(bob, 'Leave');
  await bob.sees('You left the room.');
  await bob.page.goto('about:blank');
  await bob.page.goto(`${stage.url}/#${token}`);
  await bob.sees('This room is end-to-end encrypted.');
  assert.equal(await focused(bob), 'Join the room');
  await bob.screenshot('invited-phone');
  await bob.page.keyboard.press('Enter');
  await bob.live();
  await bob.page.keyboard.type('first word');
  await bob.page.keyboard.press('Enter');
  await ann.hears('first word');
});

test('link and token are copied, selected and read by their names', async () => {
  const ann = await withClipboard();
  const token = await ann.openRoom('Ann');
  const link = `${stage.url}/#${token}`;
  await press(ann, 'Copy link');
  await alone(ann).getByRole('button', { name: 'Copied' }).waitFor();
  await ann.copied((text) => text === link);
  await press(ann, 'Copy token');
  await ann.copied((text) => text === token);

  await alone(ann).getByRole('textbox', { name: 'Invite link' }).focus();
  assert.equal(await selected(ann), link);
  await ann.page.getByText('What each way reveals').filter({ visible: true }).click();
  await ann.sees('holds the key after the #, which no server sees');
  await alone(ann).getByRole('textbox', { name: 'Token' }).focus();
  assert.equal(await selected(ann), token);
});

test('where the page may not copy, what is to be copied is selected', async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  const token = await ann.openRoom('Ann');
  await press(ann, 'Copy token');
  await ann.sees('What is to be copied is selected: press Ctrl+C.');
  assert.equal(await selected(ann), token);
  await ann.screenshot('share-phone');
  await press(ann, 'Leave');
  await ann.sees('Leave without the link?');
});

test('the system\'s share sheet is offered where there is one; who cancels is told nothing', async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.page.addInitScript(() => {
    window.shared = [];
    navigator.share = async ({ url }) => {
      if (window.refusal) throw new DOMException('', window.refusal);
      window.shared.push(url);
    };
  });
  const token = await ann.openRoom('Ann');
  const share = alone(ann).getByRole('button', { name: 'Share…' });
  const state = alone(ann).getByText('The system does not take the link');
  for (const [refusal, isTold] of [['NotAllowedError', 1], ['AbortError', 0]]) {
    await ann.page.evaluate((name) => {
      window.refusal = name;
    }, refusal);
    await share.click();
    await ann.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    assert.equal(await state.count(), isTold, refusal);
  }
  await press(ann, 'Leave');
  await press(ann, 'Stay');
  await ann.page.evaluate(() => {
    window.refusal = null;
  });
  await share.click();
  await ann.page.waitForFunction(() => window.shared.length === 1);
  assert.deepEqual(await ann.page.evaluate(() => window.shared), [`${stage.url}/#${token}`]);

  const bob = await stage.window();
  await bob.page.addInitScript(() => delete Navigator.prototype.share);
  await bob.openRoom('Bob');
  await alone(bob).getByRole('button', { name: 'Copy token' }).waitFor();
  assert.equal(await bob.page.getByRole('button', { name: 'Share…' }).count(), 0);
});

test('who leaves a room whose link nobody has is asked once, by the keyboard', async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.openRoom('Ann');
  await press(ann, 'Leave');
  const dialog = ann.page.getByRole('dialog', { name: 'Leave without the link?' });
  await dialog.waitFor();
  assert.equal(await focused(ann), 'Copy link');
  await ann.screenshot('farewell-phone');
  await ann.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await focused(ann), 'Leave');
  await ann.page.keyboard.press('Enter');
  await ann.sees('You left the room.');

  const bob = await stage.window();
  await bob.openRoom('Bob');
  await bob.say('/leave');
  await bob.sees('You have not copied or shared the link of this room.');
  await bob.screenshot('farewell-desk');
  await press(bob, 'Stay');
  assert.equal(await focused(bob), 'message');
  await bob.say('/leave');
  await bob.sees('You left the room.');
});

test('who has given the link on is not asked, after a reload either', async () => {
  const ann = await withClipboard();
  await ann.openRoom('Ann');
  await press(ann, 'Show QR code');
  await alone(ann).getByRole('img', { name: 'QR code of the invite link' }).waitFor();
  await press(ann, 'Leave');
  await ann.sees('You left the room.');

  await ann.openRoom('Ann');
  await alone(ann).getByRole('textbox', { name: 'Invite link' }).focus();
  await ann.page.keyboard.press('Control+C');
  await ann.page.reload();
  await ann.live();
  await press(ann, 'Leave');
  await ann.sees('You left the room.');

  await ann.openRoom('Ann');
  await ann.page.reload();
  await ann.live();
  await press(ann, 'Leave');
  await ann.sees('Leave without the link?');
  await ann.page.keyboard.press('Enter');
  await ann.copied((text) => text.includes('#'));
  await press(ann, 'Leave anyway');
  await ann.sees('You left the room.');
});

test('a room that ends soon says so, and one that has ended leads back', async () => {
  const second = await Stage.open('--room-ttl', '9m');
  const third = await Stage.open('--room-ttl', '2s');
  try {
    const ann = await second.window(SIZES.phone);
    await ann.openRoom('Ann');
    await ann.page.getByRole('status').filter({ hasText: 'This room ends in 9 minutes.' }).waitFor({ state: 'attached' });
    await ann.page.locator('.life.soon').filter({ hasText: '9 min left' }).waitFor();
    await ann.screenshot('ends-soon-phone');

    const bob = await third.window(SIZES.phone);
    await bob.openRoom('Bob');
    await bob.sees('This room has ended. Its messages are gone.');
    await bob.page.locator('.room[data-state="ended"]').waitFor();
    assert.equal(await alone(bob).isVisible(), false);
    await bob.screenshot('ended-phone');
    await bob.page.getByRole('button', { name: 'Back to the start' }).click();
    await bob.sees('A room for a quick talk');
    await bob.sees('This room has ended. Its messages are gone.');
    assert.deepEqual([...second.complaints, ...third.complaints], []);
  } finally {
    await Promise.all([second.close(), third.close()]);
  }
});

test('nothing was complained of', () => assert.deepEqual(stage.complaints, []));
