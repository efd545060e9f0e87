//! The log: its days, what is new, what folds, replies, and many lines, in a real browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage, isFocused } from './stage.js';

const DAY = 24 * 60 * 60_000;

/** As many lines as the log shows. */
const LINES = 1000;

let stage;
before(async () => {
  stage = await Stage.open('--message-rate', '0', '--log-events', '2048');
});
after(() => stage.close());

/** Two windows in one room. */
async function pair({ plain = false, size = SIZES.desk, ...options } = {}) {
  const ann = await stage.window(size, options);
  const token = await ann.openRoom('Ann', { plain });
  const bob = await stage.window(size, options);
  await bob.join(token, 'Bob');
  await ann.sees('Bob came in');
  return { ann, bob, token };
}

/** The page's clock is so much later, from its next load on. */
const setClock = (window, by) => window.page.addInitScript((ms) => {
  const [origin, real] = [performance.timeOrigin + ms, Date.now];
  Object.defineProperty(performance, 'timeOrigin', { get: () => origin });
  Date.now = () => real() + ms;
}, by);

/** The page goes out of sight, or comes back. */
const show = (window, isShown) => window.page.evaluate((state) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}, isShown ? 'visible' : 'hidden');

/** What stands in the log, a line each: days and marks by their words, messages by their texts, the rest as `-`. */
const rows = (window) => window.page.locator('.log > :not([hidden])').evaluateAll((all) => all.map((row) => {
  if (row.matches('.divider')) return `[${row.textContent}]`;
  return row.querySelector('.message-text')?.textContent ?? '-';
}));

const reply = (window) => window.page.getByRole('button', { name: 'Reply' });
const jump = (window, name) => window.page.getByRole('button', { name, exact: true });
const scroll = (window, top) => window.page.locator('.scroller').evaluate((area, y) => {
  const scrolled = new Promise((resolve) => area.addEventListener('scroll', resolve, { once: true }));
  area.scrollTop = y;
  return scrolled.then(() => {});
}, top);

/** Says texts by a terminal, and waits until a window has heard the last one. */
async function tell(terminal, texts, window) {
  for (const text of texts) terminal.say(text);
  await window.page.locator('.log .message').last().filter({ hasText: texts.at(-1) }).waitFor();
}

const numbered = (from, count) => Array.from({ length: count }, (_, n) => `number ${from + n} of many`);

for (const [name, size, options] of [['desk', SIZES.desk, {}], ['phone-dark', SIZES.phone, { colorScheme: 'dark' }]]) {
  test(`each day has its line, which stays right past midnight (${name})`, async () => {
    const ann = await stage.window(size);
    const token = await ann.openRoom('Ann');
    await ann.say('said today');
    await ann.hears('said today');
    const carla = await stage.window(size);
    await setClock(carla, DAY);
    await carla.join(token, 'Carla');
    await carla.say('said tomorrow');
    await carla.hears('said tomorrow');
    await carla.say('and this');
    await carla.hears('and this');
    // For who comes tomorrow it is yesterday and today.
    const bob = await stage.window(size, options);
    await setClock(bob, DAY);
    await bob.join(token, 'Bob');
    await bob.hears('and this');
    await bob.sees('You came in');
    assert.deepEqual(await rows(bob), ['[Yesterday]', '-', 'said today', '-', '[Today]', 'said tomorrow', 'and this', '-']);
    assert.equal(await bob.page.locator('.message.follows').count(), 1);
    await bob.screenshot(`log-days-${name}`);
    await bob.page.evaluate((ms) => {
      const before = Date.now;
      Date.now = () => before() + ms;
    }, DAY);
    await show(bob, true);
    const [first, second] = (await rows(bob)).filter((row) => row.startsWith('['));
    assert.match(first, /^\[\w+day, \w+ \d+, \d{4}\]$/);
    assert.equal(second, '[Yesterday]');
  });
}

test('what comes while the page is hidden stands below a mark, until one has come back and writes', async () => {
  const { ann, bob } = await pair();
  await bob.say('before');
  await ann.hears('before');
  await show(ann, false);
  for (const text of ['one', 'two']) await bob.say(text);
  await ann.hears('two');
  await show(ann, true);
  assert.deepEqual((await rows(ann)).slice(-4), ['before', '[New messages]', 'one', 'two']);
  await bob.say('three');
  await ann.hears('three');
  assert.deepEqual((await rows(ann)).slice(-4), ['[New messages]', 'one', 'two', 'three']);
  await ann.say('back');
  await ann.hears('back');
  assert.deepEqual((await rows(ann)).slice(-5), ['before', 'one', 'two', 'three', 'back']);
  await show(ann, false);
  await bob.say('four');
  await ann.hears('four');
  assert.deepEqual((await rows(ann)).slice(-3), ['back', '[New messages]', 'four']);
  await show(ann, true);
  await show(ann, false);
  assert.deepEqual((await rows(ann)).slice(-2), ['back', 'four']);
});

test('of much that came unseen the beginning is in sight', async () => {
  const { ann, token } = await pair();
  const eve = stage.terminal(token, 'Eve');
  await ann.sees('Eve came in');
  await tell(eve, numbered(0, 40), ann);
  await show(ann, false);
  await tell(eve, numbered(40, 40), ann);
  await show(ann, true);
  await jump(ann, '40 new messages').waitFor();
  const [mark, area] = await Promise.all([ann.page.locator('.divider.new').boundingBox(), ann.page.locator('.scroller').boundingBox()]);
  assert.ok(mark.y > area.y && mark.y < area.y + 100, `${mark.y} in ${area.y}`);
  await ann.screenshot('log-unseen');
});

for (const [name, size, options] of [['desk', SIZES.desk, { colorScheme: 'dark' }], ['phone', SIZES.phone, {}]]) {
  test(`who reads above is told how much is new, and gets to it (${name})`, async () => {
    const { ann, bob, token } = await pair({ size, ...options });
    const eve = stage.terminal(token, 'Eve');
    await ann.sees('Eve came in');
    await tell(eve, numbered(0, 60), ann);
    await scroll(ann, 100);
    await jump(ann, 'Jump to newest').waitFor();
    await bob.say('this is new');
    await jump(ann, '1 new message').waitFor();
    await tell(eve, ['and this', 'and that'], ann);
    await jump(ann, '3 new messages').waitFor();
    await ann.screenshot(`log-jump-${name}`);
    await jump(ann, '3 new messages').click();
    await jump(ann, '3 new messages').waitFor({ state: 'hidden' });
    assert.deepEqual((await rows(ann)).slice(-4), ['[New messages]', 'this is new', 'and this', 'and that']);
    assert.ok(await isFocused(ann.page.locator('.scroller')));
    const left = await ann.page.locator('.scroller').evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight);
    assert.ok(left < 1, `${left} px below`);
    await ann.screenshot(`log-new-${name}`);
  });
}

for (const [name, size] of Object.entries(SIZES)) {
  test(`many who come and go are one line, which opens (${name})`, async () => {
    const ann = await stage.window(size);
    const token = await ann.openRoom('Ann', { plain: true });
    const come = async (nick) => {
      const terminal = stage.terminal(token, nick);
      await terminal.line((line) => JSON.parse(line).type === 'live');
      return terminal;
    };
    const terminals = [];
    for (const nick of ['Bob', 'Carla', 'Dan']) terminals.push(await come(nick));
    await ann.sees('Dan came in');
    assert.equal(await ann.page.locator('.fold').count(), 0);
    terminals.push(await come('Eve'));
    const fold = (summary) => ann.page.getByRole('button', { name: summary, exact: true });
    await fold('4 came in').waitFor();
    assert.equal(await ann.page.getByText('Bob came in').isVisible(), false);
    terminals[0].child.stdin.end();
    await fold('4 came in, 1 left').waitFor();
    assert.equal(await fold('4 came in, 1 left').getAttribute('aria-expanded'), 'false');
    await ann.screenshot(`log-folded-${name}`);
    await fold('4 came in, 1 left').click();
    await ann.sees('Bob came in');
    await ann.sees('Bob left');
    assert.equal(await fold('4 came in, 1 left').getAttribute('aria-expanded'), 'true');
    assert.equal(await ann.page.locator('.fold .line').count(), 5);
    await ann.screenshot(`log-unfolded-${name}`);
    await ann.page.keyboard.press('Enter');
    await ann.page.getByText('Bob left').waitFor({ state: 'hidden' });
    terminals[1].say('hello');
    await ann.hears('hello');
    terminals[1].child.stdin.end();
    await ann.sees('Carla left');
    assert.equal(await ann.page.getByText('You came in').isVisible(), true);
  });
}

test('one replies by mouse, with a quote before what is written already', async () => {
  const { ann, bob } = await pair();
  await bob.say('shall we **go**?');
  await ann.hears('shall we');
  await ann.message.fill('yes');
  await ann.page.locator('.log .message').last().hover();
  await ann.screenshot('log-reply-desk');
  await reply(ann).click();
  assert.equal(await ann.message.inputValue(), '> @Bob: shall we **go**?\nyes');
  assert.ok(await isFocused(ann.message));
  await ann.page.keyboard.type(', at once');
  await ann.page.keyboard.press('Enter');
  await bob.hears('yes, at once');
  const body = bob.page.locator('.log .message-text').last();
  assert.equal(await body.locator('blockquote mark').innerText(), '@Bob');
  assert.equal(await body.locator('blockquote strong').innerText(), 'go');
  // One's own words are quoted without a name; of a reply, what it says itself.
  await bob.page.locator('.log .message').last().hover();
  await reply(bob).click();
  assert.equal(await bob.message.inputValue(), '> @Ann: yes, at once\n');
  await bob.message.fill('');
  await bob.page.locator('.log .message').first().hover();
  await reply(bob).click();
  assert.equal(await bob.message.inputValue(), '> shall we **go**?\n');
  await bob.screenshot('log-replied-desk');
});

test('one replies by keyboard, and there is one stop on the way', async () => {
  const { ann, bob } = await pair();
  const { keyboard } = ann.page;
  for (const text of ['one', 'two', 'three']) {
    await bob.say(text);
    await ann.hears(text);
  }
  await keyboard.press('Alt+ArrowUp');
  assert.ok(await isFocused(reply(ann)));
  const described = () => reply(ann).evaluate((button) => button.getAttribute('aria-describedby').split(' ')
    .map((id) => document.getElementById(id).textContent).join(' '));
  assert.match(await described(), /^Bob .* three$/);
  await keyboard.press('ArrowUp');
  assert.match(await described(), / two$/);
  await ann.screenshot('log-reply-keys');
  await keyboard.press('Alt+ArrowUp');
  await keyboard.press('ArrowUp');
  assert.match(await described(), / one$/, 'there is nothing above the oldest');
  // Wherever the mouse lies.
  await ann.page.locator('.log .message').last().hover();
  assert.match(await described(), / one$/);
  await keyboard.press('Escape');
  assert.ok(await isFocused(ann.message));
  await keyboard.press('Alt+ArrowUp');
  await keyboard.press('ArrowDown');
  assert.ok(await isFocused(ann.message), 'below the newest one writes');
  await keyboard.press('Alt+ArrowUp');
  await keyboard.press('ArrowUp');
  await keyboard.press('Enter');
  assert.equal(await ann.message.inputValue(), '> @Bob: two\n');
  assert.ok(await isFocused(ann.message));
  assert.equal(await ann.page.locator('.log button').count(), 1);
});

test('Tab comes by the button from the log', async () => {
  const { ann, bob } = await pair();
  await bob.say('one');
  await ann.hears('one');
  await ann.page.getByRole('button', { name: 'Leave' }).focus();
  await ann.page.keyboard.press('Tab');
  assert.ok(await isFocused(ann.page.locator('.scroller')));
  await ann.page.keyboard.press('Tab');
  assert.ok(await isFocused(reply(ann)));
  await ann.page.keyboard.press('Tab');
  assert.ok(await isFocused(ann.message));
});

test('one replies by touch', async () => {
  const { ann, bob } = await pair({ size: SIZES.phone, hasTouch: true, isMobile: true });
  await bob.say('a message that is so long that it takes the whole width of a phone and more than that');
  await ann.hears('a message that is so long');
  await ann.page.locator('.log .message').last().tap();
  await reply(ann).waitFor();
  await ann.screenshot('log-reply-phone');
  const { width, height, x } = await reply(ann).boundingBox();
  assert.ok(width >= 24 && height >= 24 && x + width <= SIZES.phone.width, `${width} x ${height} at ${x}`);
  await reply(ann).tap();
  assert.match(await ann.message.inputValue(), /^> @Bob: a message/);
});

for (const anchoring of ['auto', 'none']) {
  test(`what one reads stays where it is when the oldest lines are taken off (overflow-anchor: ${anchoring})`, async () => {
    const { ann, token } = await pair({ plain: true });
    const eve = stage.terminal(token, 'Eve');
    await ann.sees('Eve came in');
    await tell(eve, numbered(0, LINES), ann);
    await ann.sees('number 999 of many');
    const read = ann.page.locator('.log .message').filter({ hasText: 'number 500 of many' });
    await ann.page.locator('.scroller').evaluate((area, value) => {
      area.style.overflowAnchor = value;
    }, anchoring);
    await read.evaluate((element) => element.scrollIntoView());
    await jump(ann, 'Jump to newest').waitFor();
    const { y } = await read.boundingBox();
    for (const from of [1000, 1050]) await tell(eve, numbered(from, 50), ann);
    await jump(ann, '100 new messages').waitFor();
    assert.ok(Math.abs((await read.boundingBox()).y - y) < 1.5, `${(await read.boundingBox()).y} instead of ${y}`);
    const found = await ann.page.locator('.log').evaluate((log) => ({
      count: log.childElementCount, head: log.firstElementChild.innerText, first: log.querySelector('.message-text').textContent,
    }));
    assert.ok(found.count <= LINES + 2, `${found.count} lines`);
    assert.match(found.head, /^Older lines were taken off the screen\.\s+Today$/);
    assert.equal(found.first, 'number 100 of many');
    await scroll(ann, 0);
    await ann.screenshot(`log-trimmed-${anchoring}`);
  });
}

test('the focus is not lost with a line that is taken off', async () => {
  const { ann, token } = await pair({ plain: true });
  const eve = stage.terminal(token, 'Eve');
  await ann.sees('Eve came in');
  await tell(eve, ['the first'], ann);
  await ann.page.keyboard.press('Alt+ArrowUp');
  assert.ok(await isFocused(reply(ann)));
  await tell(eve, numbered(0, LINES), ann);
  assert.equal(await ann.page.getByText('the first').count(), 0);
  assert.ok(await isFocused(ann.page.locator('.scroller')));
});

/** Notes what a screen reader would read out of the log: what is added where it is told politely. */
const listen = (window) => window.page.addInitScript(() => {
  window.heard = [];
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      const place = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      // What is in no log yet comes in with it, and is not news of it.
      if (!place?.closest('[role=log]')) continue;
      for (const node of addedNodes) {
        const live = (node.nodeType === Node.ELEMENT_NODE ? node : place).closest('[aria-live]');
        if (live?.getAttribute('aria-live') === 'polite') window.heard.push(node.textContent);
      }
    }
  }).observe(document, { childList: true, subtree: true });
});

test('a screen reader is told of what comes, once, and not of what was there', async () => {
  const { ann, bob, token } = await pair({ plain: true });
  for (const text of ['old one', 'old two']) await bob.say(text);
  await ann.hears('old two');
  const carla = await stage.window();
  await listen(carla);
  await carla.join(token, 'Carla');
  await carla.hears('old two');
  await carla.sees('You came in');
  await bob.say('news');
  await carla.hears('news');
  const heard = () => carla.page.evaluate(() => window.heard);
  const log = carla.page.getByRole('log');
  assert.match((await heard()).join('|'), /^Bob \d\d:\d\d( [AP]M)?news$/);
  assert.deepEqual([await log.getAttribute('aria-live'), await log.getAttribute('aria-relevant')], ['polite', 'additions']);
  // Neither a button that moves, nor lines that fold, nor a mark or a day is read out.
  await carla.page.locator('.log .message').first().hover();
  await reply(carla).waitFor();
  const terminals = [];
  for (const nick of ['Dan', 'Eve', 'Finn', 'Gil', 'Hal']) {
    terminals.push(stage.terminal(token, nick));
    await terminals.at(-1).line((line) => JSON.parse(line).type === 'live');
  }
  await carla.sees('5 came in');
  await show(carla, false);
  await bob.say('more news');
  await carla.hears('more news');
  await carla.page.locator('.divider.new').waitFor();
  await show(carla, true);
  const rest = (await heard()).slice(1);
  assert.ok(rest.pop().includes('more news'));
  // Who comes within one frame with those that make it many stands in the fold from the start.
  const came = rest.map((text) => /^(Dan|Eve|Finn) came in/.exec(text)?.[1]);
  assert.deepEqual(came, ['Dan', 'Eve', 'Finn'].slice(0, came.length), rest.join('|'));
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
