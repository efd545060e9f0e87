//! The page's languages, and the QR code of an invite link, in a real browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

test('a language is chosen, keeps what was typed, and is remembered', async () => {
  const { page } = await stage.window(SIZES.phone);
  await page.goto(stage.url);
  await page.getByLabel('Your name in the room').fill('Аня');
  await page.getByRole('textbox', { name: 'Token or invite link' }).fill('01ab');
  await page.getByRole('button', { name: 'Русский' }).click();
  await page.getByRole('button', { name: 'Новая комната' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ru');
  assert.deepEqual(await page.getByRole('textbox').evaluateAll((fields) => fields.map((field) => field.value)), ['Аня', '01ab']);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Русский');

  await page.reload();
  await page.getByRole('textbox').first().fill('Аня');
  await page.getByRole('button', { name: 'Новая комната' }).click();
  await page.locator('.room[data-state="live"]').waitFor();
  await page.getByRole('textbox', { name: 'Ваше сообщение' }).fill('Привет');
  await page.keyboard.press('Enter');
  await page.locator('.log .message-text').filter({ hasText: 'Привет' }).waitFor();
});

test('a browser that asks for Russian is answered in Russian, any other in English', async () => {
  for (const [locale, lang] of [['ru-RU', 'ru'], ['de-DE', 'en']]) {
    const { page } = await stage.window(SIZES.desk, { locale });
    await page.goto(stage.url);
    await page.locator('.landing-heading').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    assert.equal(await page.locator('[aria-pressed="true"]').getAttribute('lang'), lang);
  }
});

test('the QR code is shown and hidden, by the keyboard too, in both sizes', async () => {
  for (const [name, size] of Object.entries(SIZES)) {
    const ann = await stage.window(size);
    await ann.openRoom('Ann');
    const show = ann.page.locator('.alone').getByRole('button', { name: 'Show QR code' });
    await show.focus();
    await ann.page.keyboard.press('Enter');
    const code = ann.page.locator('.alone').getByRole('img', { name: 'QR code of the invite link' });
    await code.waitFor();
    const { width, height } = await code.boundingBox();
    assert.ok(width === height && width >= 180 && width <= size.width, `${width} x ${height}`);
    const [least, most] = await code.evaluate((drawn) => {
      const [inner, outer] = [drawn, drawn.closest('.scroller')].map((each) => each.getBoundingClientRect());
      return [inner.top - outer.top, outer.bottom - inner.bottom];
    });
    assert.ok(least >= 0 && most >= 0, `a part of it is out of sight: ${least}, ${most}`);
    await ann.screenshot(`qr-${name}`);
    await ann.page.keyboard.press('Enter');
    await code.waitFor({ state: 'hidden' });
  }
});

test('nothing was complained of', () => assert.deepEqual(stage.complaints, []));
