//! How the page looks: by what the system asks for, at every width, above a keyboard, and from right to left.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Ann in a room where Bob and she have spoken. */
async function talk(size, options) {
  const ann = await stage.window(size, options);
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await bob.say('a word of **Bob** to @Ann, with `code` and https://a.example');
  await ann.hears('a word of Bob');
  await ann.say('> quoted\nand a word of Ann');
  await ann.hears('and a word of Ann');
  await bob.hears('and a word of Ann');
  await bob.say('שלום עולם\nback to the left');
  await ann.hears('back to the left');
  return { ann, bob };
}

/** The computed style of the first that fits. */
const style = (window, selector, names, pseudo = null) => window.page.locator(selector).first()
  .evaluate((element, [wanted, part]) => wanted.map((name) => getComputedStyle(element, part)[name]), [names, pseudo]);

const KINDS = {
  light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, forced: { forcedColors: 'active', colorScheme: 'dark' },
  contrast: { contrast: 'more', colorScheme: 'light' },
};

for (const [place, size] of Object.entries(SIZES)) for (const [kind, options] of Object.entries(KINDS)) {
  test(`it can be looked at: ${place}, ${kind}`, async () => {
    const { ann } = await talk(size, options);
    await ann.screenshot(`look-${place}-${kind}-room`);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await ann.screenshot(`look-${place}-${kind}-settings`);
    const landing = await stage.window(size, options);
    await landing.page.goto(stage.url);
    await landing.page.getByRole('button', { name: 'Settings' }).waitFor();
    await landing.screenshot(`look-${place}-${kind}-landing`);
    if (kind !== 'forced') return;
    // Who speaks is told apart by a border, and pictures are drawn in a colour of text.
    const [own] = await style(ann, '.message.own .message-text', ['borderInlineEndWidth']);
    const [other] = await style(ann, '.message:not(.own) .message-text', ['borderInlineEndWidth']);
    assert.deepEqual([own, other], ['6px', '1px']);
    const [icon, adjust] = await style(ann, '.open-settings', ['backgroundColor', 'forcedColorAdjust'], '::before');
    const [button] = await style(ann, '.open-settings', ['backgroundColor']);
    assert.equal(adjust, 'none');
    assert.notEqual(icon, button);
    await ann.page.keyboard.press('Tab');
    const [width, line] = await style(ann, ':focus-visible', ['outlineWidth', 'outlineStyle']);
    assert.deepEqual([width, line], ['3px', 'solid']);
  });
}

test('who asked for more contrast gets the text\'s own colour for borders and for what is quiet', async () => {
  const { ann } = await talk(SIZES.desk, KINDS.contrast);
  const [text] = await style(ann, 'html', ['color']);
  assert.deepEqual(await style(ann, '.message-time', ['color']), [text]);
  assert.deepEqual(await style(ann, '.message.own .message-text', ['borderTopColor']), [text]);
  assert.deepEqual(await style(ann, '.open-settings', ['borderTopColor']), [text]);
});

test('nothing moves for who asked for that', async () => {
  for (const [reducedMotion, still] of [['no-preference', false], ['reduce', true]]) {
    const ann = await stage.window(SIZES.desk, { reducedMotion });
    await ann.openRoom('Ann');
    const moving = await ann.page.evaluate(() => Array.from(document.querySelectorAll('*')).filter((element) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
      return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto';
    }).length);
    assert.equal(moving === 0, still, `${moving} move`);
  }
});

test('nothing sticks out to the side from 320 px to a wide screen, in either language', async () => {
  for (const locale of ['en', 'ru']) {
    const ann = await stage.window(SIZES.desk, { locale });
    await ann.page.goto(stage.url);
    const over = () => ann.page.evaluate(() => Array.from(document.querySelectorAll('body, body *'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.matches('.visually-hidden, .visually-hidden *'))
      .map(({ className }) => className));
    const atAllWidths = async (what) => {
      for (const width of [320, 360, 575, 577, 831, 833, 1920]) {
        await ann.page.setViewportSize({ width, height: 700 });
        assert.deepEqual(await over(), [], `${what} at ${width} px`);
        if (width === 320) await ann.screenshot(`look-320-${locale}-${what}`);
      }
    };
    const withSettings = async (what) => {
      await ann.page.locator('.open-settings').click();
      await atAllWidths(what);
      await ann.page.keyboard.press('Escape');
    };
    await atAllWidths('landing');
    await withSettings('landing-settings');
    await ann.page.locator('#nick').fill('Ann');
    await ann.page.locator('#nick').press('Enter');
    await ann.live();
    await atAllWidths('room');
    await withSettings('room-settings');
  }
});

test('what can be pressed is large enough for a finger', async () => {
  const ann = await stage.window(SIZES.phone, { hasTouch: true, isMobile: true });
  await ann.openRoom('Ann');
  await ann.page.locator('.open-settings').click();
  const small = await ann.page.locator('.bar .button, .composer-send, .choice, .settings .button').evaluateAll((targets) => targets
    .map((target) => [target.className, target.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 44 || height < 44).map(([name, { width, height }]) => `${name}: ${width} x ${height}`));
  assert.deepEqual(small, []);
});

test('a keyboard that lies above the page covers nothing of the room', async () => {
  const ann = await stage.window(SIZES.phone);
  await ann.openRoom('Ann');
  const cover = (height) => ann.page.evaluate((left) => {
    Object.defineProperty(visualViewport, 'height', { value: left, configurable: true });
    visualViewport.dispatchEvent(new Event('resize'));
    const { bottom } = document.querySelector('.composer').getBoundingClientRect();
    return [document.querySelector('.room').clientHeight, bottom];
  }, height);
  assert.deepEqual(await cover(400), [400, 400]);
  assert.deepEqual(await cover(740), [740, 740]);
});

test('each paragraph runs as it is written, and a quote has its border where it begins', async () => {
  const { ann, bob } = await talk(SIZES.phone);
  await bob.say('> שלום עולם\n\n> hello');
  await ann.hears('hello');
  const borders = await ann.page.locator('.message-text blockquote').evaluateAll((quotes) => quotes.slice(-2).map((quote) => {
    const { borderLeftWidth, borderRightWidth } = getComputedStyle(quote);
    return [borderLeftWidth, borderRightWidth];
  }));
  assert.deepEqual(borders, [['0px', '3px'], ['3px', '0px']]);
  await bob.say('/nick דנה');
  await ann.sees('is now called');
  await bob.say('a name from right to left');
  await ann.hears('a name from right to left');
  await ann.screenshot('look-rtl');
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
