//! Who looks elsewhere is called back as they chose to be; the settings, and how the page looks by them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Proxy } from './proxy.js';
import { SIZES, Stage, isFocused } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Ann, who looks at her window or doesn't, and Bob, who writes to her. */
async function pair({ options = {}, prepare = () => {}, argument } = {}) {
  const bob = await stage.window();
  const token = await bob.openRoom('Bob');
  const ann = await stage.window(SIZES.desk, options);
  await ann.page.addInitScript(prepare, argument);
  await ann.join(token, 'Ann');
  await bob.sees('Ann came in');
  return { ann, bob };
}

/** The person looks at the window, or at another one. */
const look = (window, looks) => window.page.evaluate((now) => {
  document.hasFocus = () => now;
  dispatchEvent(new Event(now ? 'focus' : 'blur'));
}, looks);

const waitForTitle = (window, title) => window.page.waitForFunction((wanted) => document.title === wanted, title);

/** What is drawn in the icon's corner; nothing where the icon is as ever. */
const markOf = (window) => window.page.evaluate(() => {
  const { href } = document.querySelector('link[rel="icon"]');
  return /<text[^>]*>(.*)<\/text>/.exec(decodeURIComponent(href))?.[1] ?? '';
});

const waitForMark = (window, mark) => window.page.waitForFunction((wanted) => {
  const { href } = document.querySelector('link[rel="icon"]');
  return decodeURIComponent(href).includes(`>${wanted}</text>`);
}, mark);


async function openSettings(window, name = 'Settings') {
  await window.page.getByRole('button', { name }).click();
  const dialog = window.page.getByRole('dialog', { name });
  await dialog.waitFor();
  return dialog;
}

/** A browser whose notifications and tones are only written down. `permission` is what the person says when asked. */
function stub({ permission = 'granted', asked = false } = {}) {
  Object.assign(window, { notified: [], shut: 0, focused: 0, asked: 0, tones: 0, focus: () => { window.focused += 1; } });
  window.Notification = class extends EventTarget {
    static permission = asked ? permission : 'default';
    static async requestPermission() {
      window.asked += 1;
      this.permission = permission;
      return permission;
    }
    constructor(title, { body, tag, silent }) {
      super();
      window.notified.push({ title, body, tag, silent });
      window.newest = this;
    }
    close() {
      window.shut += 1;
    }
  };
  const parameter = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
  window.AudioContext = class {
    currentTime = 0;
    async resume() {}
  };
  window.GainNode = class {
    gain = parameter;
    connect() {}
  };
  window.OscillatorNode = class {
    connect(next) {
      return next;
    }
    start() {
      window.tones += 1;
    }
    stop() {}
  };
}

/** What was written down. */
const calls = (window) => window.page.evaluate(() => {
  const { notified, shut, focused, asked, tones } = globalThis;
  return { notified, shut, focused, asked, tones };
});

test('what comes while one looks elsewhere is counted in title and icon, until one looks again', async () => {
  const { ann, bob } = await pair({
    prepare: () => {
      window.badges = [];
      navigator.setAppBadge = async (count) => window.badges.push(count);
    },
  });
  await bob.say('seen');
  await ann.hears('seen');
  assert.equal(await ann.page.title(), 'Room · Chat');
  await look(ann, false);
  await ann.say('my own');
  await bob.say('one');
  await waitForTitle(ann, '(1) Room · Chat');
  await waitForMark(ann, '1');
  await bob.say('two');
  await waitForTitle(ann, '(2) Room · Chat');
  await waitForMark(ann, '2');
  await bob.say('so, @ann?');
  await waitForTitle(ann, '(@3) Room · Chat');
  await waitForMark(ann, '@');
  assert.deepEqual(await ann.page.evaluate(() => window.badges.slice(-1)), [3]);
  await look(ann, true);
  await waitForTitle(ann, 'Room · Chat');
  assert.equal(await markOf(ann), '');
  assert.match(await ann.page.evaluate(() => document.querySelector('link[rel="icon"]').href), /icons\/icon\.svg$/);
  assert.deepEqual(await ann.page.evaluate(() => window.badges.slice(-1)), [0]);
});

test('the marked icon is a picture that the policy lets in', async () => {
  const { ann, bob } = await pair();
  await look(ann, false);
  await bob.say('one');
  await waitForMark(ann, '1');
  const isRed = await ann.page.evaluate(async () => {
    const picture = new Image(64, 64);
    picture.src = document.querySelector('link[rel="icon"]').href;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0, 64, 64);
    const [red, green, blue] = pen.getImageData(30, 44, 1, 1).data;
    return red > green && green > blue;
  });
  assert.ok(isRed);
});

test('what was said before one came in is no news', async () => {
  const { ann, bob } = await pair();
  await bob.say('before');
  await ann.hears('before');
  await ann.page.addInitScript(() => {
    document.hasFocus = () => false;
  });
  await ann.page.reload();
  await ann.hears('before');
  await ann.live();
  await bob.say('after');
  await ann.hears('after');
  await waitForTitle(ann, '(1) Room · Chat');
});

test('what was missed while the connection was lost is news', async () => {
  const proxy = await Proxy.open(stage.url);
  try {
    const bob = await stage.window();
    const token = await bob.openRoom('Bob');
    const ann = await stage.window();
    await ann.page.addInitScript(stub, { asked: true });
    await ann.page.addInitScript(() => localStorage.setItem('chat.settings', '{"notify":true}'));
    ann.url = proxy.url;
    await ann.join(token, 'Ann');
    await look(ann, false);
    proxy.cut();
    proxy.stall();
    await ann.state(['waiting', 'connecting', 'entering']);
    await bob.say('one');
    await bob.say('two');
    await bob.page.locator('.message.own:not(.pending)').filter({ hasText: 'two' }).waitFor();
    proxy.heal();
    await waitForTitle(ann, '(2) Room · Chat');
    assert.equal((await calls(ann)).notified.length, 1);
    await ann.page.close();
  } finally {
    await proxy.close();
  }
});

test('nobody is notified, and nothing sounds, before that was chosen', async () => {
  const { ann, bob } = await pair({ prepare: stub, argument: { asked: true } });
  await look(ann, false);
  await bob.say('@ann!');
  await waitForTitle(ann, '(@1) Room · Chat');
  assert.deepEqual(await calls(ann), { notified: [], shut: 0, focused: 0, asked: 0, tones: 0 });
});

test('notifications are asked for when they are chosen; they hold no word of the room, unless that is chosen, too', async () => {
  const { ann, bob } = await pair({ prepare: stub });
  const dialog = await openSettings(ann);
  const show = dialog.getByRole('checkbox', { name: 'Show name and text in notifications' });
  assert.ok(await show.isDisabled());
  await dialog.getByRole('checkbox', { name: 'Notify me while I look elsewhere' }).check();
  await ann.page.waitForFunction(() => window.asked === 1);
  await ann.page.keyboard.press('Escape');
  await look(ann, false);
  await bob.say('a secret');
  await waitForTitle(ann, '(1) Room · Chat');
  await bob.say('and @ann');
  await waitForTitle(ann, '(@2) Room · Chat');
  const silent = { body: '', tag: 'chat', silent: true };
  assert.deepEqual((await calls(ann)).notified, [
    { title: 'New message in a room', ...silent }, { title: 'You were mentioned in a room', ...silent },
  ]);
  await ann.page.evaluate(() => window.newest.dispatchEvent(new Event('click')));
  assert.equal((await calls(ann)).focused, 1);
  await look(ann, true);
  assert.equal((await calls(ann)).shut, 1);

  await openSettings(ann);
  await show.check();
  await ann.page.keyboard.press('Escape');
  await look(ann, false);
  await bob.say(`**now** ${'x'.repeat(300)}`);
  await waitForTitle(ann, '(1) Room · Chat');
  const { title, body } = (await calls(ann)).notified.at(-1);
  assert.deepEqual([title, body], ['Bob', `**now** ${'x'.repeat(192)}`]);
});

test('where only a service worker may notify, it does', async () => {
  const { ann, bob } = await pair({
    prepare: () => {
      window.shown = [];
      const left = { close: () => window.shown.push('closed') };
      const registration = {
        showNotification: async (title, { tag }) => window.shown.push(`${title} (${tag})`), getNotifications: async ({ tag }) => (tag === 'chat' ? [left] : []),
      };
      Object.defineProperty(navigator, 'serviceWorker', { value: { getRegistration: async () => registration, register: async () => registration } });
      window.Notification = class {
        static permission = 'granted';
        constructor() {
          throw new TypeError();
        }
      };
    },
  });
  await (await openSettings(ann)).getByRole('checkbox', { name: 'Notify me' }).check();
  await ann.page.keyboard.press('Escape');
  await look(ann, false);
  await bob.say('hello');
  await ann.page.waitForFunction(() => window.shown.includes('New message in a room (chat)'));
  await look(ann, true);
  await ann.page.waitForFunction(() => window.shown.at(-1) === 'closed');
});

test('who has blocked notifications is told where to allow them', async () => {
  const { ann } = await pair({ prepare: stub, argument: { permission: 'denied' } });
  const dialog = await openSettings(ann);
  const notify = dialog.getByRole('checkbox', { name: 'Notify me while I look elsewhere' });
  await notify.click();
  await ann.sees('Allow them in its settings for this site');
  assert.equal(await notify.isChecked(), false);
  await ann.screenshot('settings-denied');
});

test('the sound comes at most once in two seconds, not for one\'s own words, and for mentions alone where that is chosen', async () => {
  const { ann, bob } = await pair({ prepare: stub });
  const dialog = await openSettings(ann);
  await dialog.getByRole('radio', { name: 'When I am mentioned' }).check();
  // Two notes: how it sounds.
  await ann.page.waitForFunction(() => window.tones === 2);
  await ann.page.keyboard.press('Escape');
  await ann.say('@ann says so herself');
  await ann.hears('@ann says so');
  await look(ann, false);
  await bob.say('nobody in particular');
  await waitForTitle(ann, '(1) Room · Chat');
  assert.equal((await calls(ann)).tones, 2);
  await bob.say('@ann');
  await waitForTitle(ann, '(@2) Room · Chat');
  assert.equal((await calls(ann)).tones, 4);
  await bob.say('@ann, @ann');
  await waitForTitle(ann, '(@3) Room · Chat');
  assert.equal((await calls(ann)).tones, 4);
});

test('the settings are made by keys alone, are remembered, and lead back', async () => {
  const ann = await stage.window();
  await ann.page.addInitScript(stub);
  await ann.openRoom('Ann');
  const { keyboard } = ann.page;
  const opener = ann.page.getByRole('button', { name: 'Settings' });
  await opener.focus();
  await keyboard.press('Enter');
  const dialog = ann.page.getByRole('dialog', { name: 'Settings' });
  assert.ok(await isFocused(dialog.getByRole('radio', { name: 'System' })));
  // Dark; past the languages; notifications, with their text; the sound.
  for (const key of ['ArrowDown', 'ArrowDown', 'Tab', 'Tab', 'Space']) await keyboard.press(key);
  await ann.page.waitForFunction(() => window.asked === 1);
  for (const key of ['Tab', 'Space', 'Tab', 'ArrowDown', 'Tab']) await keyboard.press(key);
  assert.ok(await isFocused(dialog.getByRole('button', { name: 'Close' })));
  await keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  assert.ok(await isFocused(opener));

  await ann.page.reload();
  await ann.live();
  await ann.page.evaluate(() => { Notification.permission = 'granted'; });
  await openSettings(ann);
  assert.deepEqual(await dialog.locator('input:checked').evaluateAll((inputs) => inputs.map(({ parentElement }) => parentElement.textContent)), [
    'Dark', 'English', 'Notify me while I look elsewhere', 'Show name and text in notifications', 'When I am mentioned',
  ]);
  await keyboard.press('Escape');
  assert.ok(await isFocused(opener));
});

/** The page's own colour, and what the browser's frame is told. */
const colours = (window) => window.page.evaluate(() => [
  getComputedStyle(document.documentElement).backgroundColor,
  Array.from(document.querySelectorAll('meta[name="theme-color"]')).find(({ media }) => matchMedia(media).matches).content,
]);
const LIGHT = ['rgb(244, 243, 239)', '#f4f3ef'];
const DARK = ['rgb(18, 22, 21)', '#121615'];

for (const [scheme, other, own, chosen] of [['light', 'Dark', LIGHT, DARK], ['dark', 'Light', DARK, LIGHT]]) {
  test(`the theme is the system's, ${scheme}, until another is chosen, and that outlives a reload`, async () => {
    const ann = await stage.window(SIZES.phone, { colorScheme: scheme });
    await ann.page.goto(stage.url);
    assert.deepEqual(await colours(ann), own);
    await (await openSettings(ann)).getByRole('radio', { name: other }).check();
    assert.deepEqual(await colours(ann), chosen);
    await ann.page.reload();
    assert.deepEqual(await colours(ann), chosen);
    await (await openSettings(ann)).getByRole('radio', { name: 'System' }).check();
    assert.deepEqual(await colours(ann), own);
  });
}

test('the theme is there before the page is', async () => {
  const ann = await stage.window();
  await ann.page.addInitScript(() => localStorage.setItem('chat.settings', '{"theme":"dark"}'));
  await ann.page.route('**/js/main.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await ann.page.goto(stage.url);
  assert.deepEqual(await colours(ann), DARK);
});

test('on the landing page another language is spoken at once, the settings included', async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.page.goto(stage.url);
  await ann.page.getByLabel('Your name in the room').fill('Ann');
  await (await openSettings(ann)).getByRole('radio', { name: 'Русский' }).click();
  const dialog = ann.page.getByRole('dialog', { name: 'Настройки' });
  await dialog.waitFor();
  assert.ok(await isFocused(dialog.getByRole('radio', { name: 'Русский' })));
  await ann.screenshot('settings-ru');
  await ann.page.keyboard.press('Escape');
  assert.ok(await isFocused(ann.page.getByRole('button', { name: 'Настройки' })));
  assert.equal(await ann.page.getByLabel('Ваше имя в комнате').inputValue(), 'Ann');
});

test('in a room another language waits for a reload, which keeps the room and the draft', async () => {
  const { ann } = await pair();
  await ann.message.fill('a draft');
  const dialog = await openSettings(ann);
  await dialog.getByRole('radio', { name: 'Русский' }).check();
  await ann.sees('The page speaks it once it is loaded anew.');
  await ann.page.keyboard.press('Escape');
  // It stays chosen, and offered.
  await openSettings(ann);
  assert.ok(await dialog.getByRole('radio', { name: 'Русский' }).isChecked());
  await dialog.getByRole('radio', { name: 'English' }).check();
  assert.equal(await dialog.getByRole('button', { name: 'Load anew' }).count(), 0);
  await dialog.getByRole('radio', { name: 'Русский' }).check();
  await dialog.getByRole('button', { name: 'Load anew' }).click();
  await ann.page.getByRole('heading', { name: 'Комната', exact: true }).waitFor();
  await ann.live();
  assert.equal(await ann.page.getByRole('textbox', { name: 'Ваше сообщение' }).inputValue(), 'a draft');
});

test('where nothing may be stored, what is chosen holds for the visit, and no reload is offered that would leave the room', async () => {
  const { ann } = await pair({
    prepare: () => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, { get: () => { throw new DOMException('', 'SecurityError'); } });
      }
    },
  });
  const dialog = await openSettings(ann);
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  await ann.page.keyboard.press('Escape');
  await openSettings(ann);
  assert.ok(await dialog.getByRole('radio', { name: 'Dark' }).isChecked());
  assert.deepEqual(await colours(ann), DARK);
  await dialog.getByRole('radio', { name: 'Русский' }).check();
  await ann.sees('the language can only be changed before you come into a room');
  assert.equal(await dialog.getByRole('button', { name: 'Load anew' }).count(), 0);
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
