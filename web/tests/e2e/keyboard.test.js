//! The whole way by keyboard alone: nothing is clicked, and nothing is focused but by keys and by the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Proxy } from './proxy.js';
import { SIZES, Stage } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Somebody's hands on the keys, and the eyes that look where they are. */
class Hands {
  constructor({ page }) {
    this.page = page;
  }

  /** Where the focus is, in a screen reader's words. It is never nowhere, and it is seen. */
  async at() {
    const { isLost, isMarked, isInSight } = await this.page.evaluate(() => {
      const { activeElement: focused } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { left, top, width, height } = focused.getBoundingClientRect();
      return {
        isLost: focused === document.body,
        isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        isInSight: focused.contains(document.elementFromPoint(left + width / 2, top + height / 2)),
      };
    });
    assert.ok(!isLost, 'the focus is nowhere');
    const [, words] = /^- '?((?:text: .+)|(?:\w+(?: "(?:[^"\\]|\\.)*")?))/.exec(await this.page.locator(':focus').ariaSnapshot());
    assert.ok(isMarked, `${words}: nothing shows that the focus is there`);
    assert.ok(isInSight, `${words}: it has the focus where nobody sees it`);
    return words;
  }

  /** Presses keys, one after the other. */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Goes on so many times, or back, and says where it came. */
  async tab(times) {
    const places = [];
    for (let step = 0; step < Math.abs(times); step += 1) {
      await this.press(times > 0 ? 'Tab' : 'Shift+Tab');
      places.push(await this.at());
    }
    return places;
  }

  /** Goes on, or back, until it comes to `words`. */
  async tabTo(words, direction = 1) {
    for (let step = 0; step < TABS_MAX; step += 1) {
      const [place] = await this.tab(direction);
      if (place === words) return;
    }
    assert.fail(`no tab leads to ${words}`);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }
}

/** No way in the page is longer. */
const TABS_MAX = 15;

const COMPOSER = 'textbox "Your message"';

const value = ({ message }) => message.inputValue();

for (const [name, size] of Object.entries(SIZES)) test(`from landing to leaving, at ${size.width} px`, async () => {
  const isPhone = name === 'phone';
  const ann = await stage.window(size, { permissions: ['clipboard-write'], reducedMotion: 'reduce' });
  const hands = new Hands(ann);

  // Landing.
  await ann.page.goto(stage.url);
  await ann.button('landing.create').waitFor();
  const NICK = 'textbox "Your name in the room"';
  const landing = ['text: Options', 'button "New room"', 'textbox "Token or invite link"', 'button "Join"', 'button "Settings"'];
  assert.equal(await hands.at(), NICK);
  assert.deepEqual(await hands.tab(5), landing);
  assert.deepEqual(await hands.tab(-7), [...landing.slice(0, -1).reverse(), NICK, 'button "Русский"', 'button "English"']);
  await hands.tabTo('button "Settings"');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'radio "System"');
  await hands.press('ArrowDown', 'ArrowDown');
  assert.equal(await hands.at(), 'radio "Dark"');
  assert.deepEqual(await hands.tab(3), ['radio "English"', 'checkbox "Notify me while I look elsewhere"', 'radio "None"']);
  await hands.press('Escape');
  assert.equal(await hands.at(), 'button "Settings"');
  await hands.tabTo('text: Options', -1);
  await hands.press('Enter');
  assert.deepEqual(await hands.tab(4), [
    'combobox "The room lives"', 'combobox "People in it"', 'combobox "Newcomers see"', 'checkbox "Plain room"',
  ]);
  await hands.press('Shift+Tab', 'ArrowUp');
  assert.equal(await hands.at(), 'combobox "Newcomers see"');
  await hands.tabTo('button "New room"');
  await hands.press('Enter');
  await ann.reads('nick.empty');
  assert.equal(await hands.at(), NICK);
  await hands.type('Ann');
  await hands.press('Enter');
  await ann.live();

  // Alone: the link.
  assert.equal(await hands.at(), COMPOSER);
  const toggle = isPhone ? ['button "People and link, 1 person here"'] : [];
  const share = ['textbox "Invite link"', 'button "Copy link"', 'button "Copy token"', 'button "Show QR code"', 'text: What each way reveals'];
  const alone = [...toggle, 'button "Settings"', 'button "Leave"', 'group "Messages"', ...share];
  assert.deepEqual(await hands.tab(-alone.length), alone.toReversed());
  if (isPhone) await hands.tab(1);
  assert.equal(await hands.at(), 'button "Settings"');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'radio "Dark"');
  await hands.press('/', 'Escape');
  assert.equal(await hands.at(), 'button "Settings"');
  await hands.tabTo('button "Leave"');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'button "Copy link"');
  assert.deepEqual(await hands.tab(2), ['button "Stay"', 'button "Leave anyway"']);
  await hands.press('Shift+Tab', 'Enter');
  assert.equal(await hands.at(), 'button "Leave"');
  await hands.tabTo('button "Copy link"');
  await hands.press('Enter');
  await ann.button('share.copied').waitFor();
  assert.equal(await hands.at(), 'button "Copied"');
  const copied = await ann.copied((text) => text !== '');
  assert.equal(copied, await ann.link());

  // Somebody comes, and the link goes from under the focus.
  const bob = await stage.window();
  await bob.join(copied.split('#')[1], 'Bob');
  await ann.page.locator('.room:not(.is-alone)').waitFor();
  assert.equal(await hands.at(), COMPOSER);

  // Writing.
  await hands.type('on two');
  await hands.press('Shift+Enter');
  await hands.type('lines');
  await hands.press('Enter');
  await bob.hears('on two\nlines');
  await hands.type('hi bo');
  await hands.press('Tab');
  assert.equal(await value(ann), 'hi @Bob ');
  await hands.press('Enter');
  await bob.hears('hi @Bob');
  assert.equal(await hands.at(), COMPOSER);

  // What was sent is had again, and what is being written stays.
  await hands.press('ArrowUp');
  assert.equal(await value(ann), 'hi @Bob');
  await hands.press('ArrowUp');
  assert.equal(await value(ann), 'on two\nlines');
  await hands.press('ArrowUp', 'ArrowUp');
  assert.equal(await value(ann), 'on two\nlines', 'the cursor goes through the lines first');
  await hands.press('ArrowDown', 'ArrowDown');
  assert.equal(await value(ann), 'hi @Bob');
  await hands.type('!');
  await hands.press('ArrowUp');
  assert.equal(await value(ann), 'hi @Bob!');
  await hands.press('Enter');
  await bob.hears('hi @Bob!');

  // Back through what was said.
  await bob.say(Array.from({ length: 80 }, (_, line) => `line ${line}`).join('\n'));
  await ann.hears('line 79');
  const [before] = await hands.tab(-1);
  assert.equal(before, 'group "Messages"');
  await hands.press('Home');
  await ann.page.waitForFunction(() => document.querySelector('.scroller').scrollTop === 0);
  await bob.say('below');
  await ann.button('room.jump_new', { count: 1 }).waitFor();
  await hands.press('/');
  assert.deepEqual(await hands.tab(-1), ['button "1 new message"']);
  await hands.press('Enter');
  assert.equal(await hands.at(), 'group "Messages"');
  await ann.page.waitForFunction(() => {
    const { scrollTop, scrollHeight, clientHeight } = document.querySelector('.scroller');
    return scrollHeight - scrollTop - clientHeight < 2;
  });
  await hands.press('/');
  assert.equal(await hands.at(), COMPOSER);
  assert.equal(await value(ann), '');

  // The panel.
  const panel = [...share, 'button "Change your name"', 'text: Compare codes'];
  if (isPhone) {
    await hands.tabTo('button "People and link, 2 people here"', -1);
    await hands.press('Enter');
    assert.deepEqual(await hands.tab(9), ['button "Settings"', 'button "Leave"', ...panel]);
    await hands.press('Escape');
    assert.equal(await hands.at(), 'button "People and link, 2 people here"');
    await hands.press('Enter');
  } else {
    assert.deepEqual(await hands.tab(8), ['button "Send"', ...panel]);
    await hands.press('/');
    assert.equal(await hands.at(), COMPOSER);
  }
  await hands.tabTo('button "Change your name"');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'textbox "Your new name"');
  await hands.press('Escape');
  assert.equal(await hands.at(), 'button "Change your name"');
  await hands.press('Enter');
  await hands.type('Anna / Ann');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'button "Change your name"');
  await bob.reads('log.renamed', { before: 'Ann', nick: 'Anna / Ann' });
  await hands.press('/');
  assert.equal(await hands.at(), COMPOSER);

  // Commands and help.
  for (const [command, place] of [['/who', 'heading "Here now: 2"'], ['/code', 'text: Compare codes']]) {
    await hands.type(command);
    await hands.press('Enter');
    assert.equal(await hands.at(), place);
    await hands.press('Escape');
    assert.equal(await hands.at(), COMPOSER);
  }
  await hands.type('/help');
  await hands.press('Enter');
  assert.equal(await hands.at(), 'button "Close"');
  await hands.press('/');
  assert.equal(await hands.at(), 'button "Close"');
  await hands.press('Escape');
  assert.equal(await hands.at(), COMPOSER);
  assert.equal(await value(ann), '');
  await hands.type('/help');
  await hands.press('Enter', 'Enter');
  assert.equal(await hands.at(), COMPOSER);

  // Leaving.
  await hands.tabTo('button "Leave"', -1);
  await hands.press('Enter');
  await ann.reads('error.left');
  assert.equal(await hands.at(), 'button "New room"');
});

test('where a button goes the focus is led on', async () => {
  const proxy = await Proxy.open(stage.url);
  try {
    const ann = await stage.window(SIZES.phone);
    ann.url = proxy.url;
    const hands = new Hands(ann);
    await ann.openRoom('Ann');
    proxy.refuse();
    proxy.cut();
    await ann.page.getByRole('timer').filter({ hasText: /[3-9] s/ }).waitFor();
    assert.deepEqual(await hands.tab(-1), ['button "Now"']);
    proxy.heal();
    await hands.press('Enter');
    await ann.live();
    assert.equal(await hands.at(), COMPOSER);

    const twin = await stage.twin(ann);
    await ann.reads('error.replaced');
    assert.deepEqual(await hands.tab(-1), ['button "Use it here"']);
    await hands.press('Enter');
    await ann.live();
    assert.equal(await hands.at(), COMPOSER);
    await twin.page.close();
  } finally {
    await proxy.close();
  }
});

test('no policy was violated and no error shown, in any of these', () => assert.deepEqual(stage.faults, []));
