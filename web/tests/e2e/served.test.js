//! What the server hands out, beside what is written in this repository.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { after, before, test } from 'node:test';

import { parse } from 'acorn';

import { SIZES, Stage } from './stage.js';

let stage;
let served;
before(async () => {
  stage = await Stage.open();
  const index = await (await fetch(stage.url)).text();
  served = Array.from(index.matchAll(/"(v\/[^"/]+\/([^"]+))"/g), ([, path, name]) => ({ url: `${stage.url}/${path}`, name }));
  // Loaded on need.
  const base = served[0].url.slice(0, -served[0].name.length);
  for (const name of ['js/core/confusables.js', 'js/core/qr.js', 'js/view/qr.js']) served.push({ url: base + name, name });
  served.push({ url: `${stage.url}/sw.js`, name: 'sw.js' });
});
after(() => stage.close());

/** A script's program, without where in the text each part stands. */
function programOf(source) {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  return JSON.stringify(program, (key, value) => (['start', 'end'].includes(key) ? undefined : value));
}

test('every script that is served is the program that is written', async () => {
  const scripts = served.filter(({ name }) => name.endsWith('.js'));
  assert.ok(scripts.length > 60, `${scripts.length} scripts`);
  for (const { url, name } of scripts) {
    const [is, written] = [await (await fetch(url)).text(), await readFile(new URL(`../../${name}`, import.meta.url), 'utf8')];
    assert.ok(programOf(is) === programOf(written), `${name} is another program`);
    assert.ok(is.length <= written.length, name);
  }
});

/** How many bytes come over the network, as a browser asks for them. */
function sent(url) {
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } }, async (answer) => {
      let bytes = 0;
      for await (const part of answer) bytes += part.length;
      resolve(bytes);
    });
    asked.on('error', reject);
  });
}

test('all of the page is at most 100 KiB as it is sent, but for what is loaded on need', async () => {
  const page = served.filter(({ name }) => name !== 'js/core/confusables.js').map(({ url }) => url);
  const bytes = await Promise.all([`${stage.url}/`, ...page].map(sent));
  const all = bytes.reduce((sum, size) => sum + size);
  assert.ok(all > 50_000 && all <= 100 * 1024, `${all} bytes`);
});

test('every style that is served means what is written', async () => {
  const { page } = await stage.window();
  await page.goto(stage.url);
  const rules = (text) => page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return Array.from(sheet.cssRules, (rule) => rule.cssText);
  }, text);
  const styles = served.filter(({ name }) => name.endsWith('.css'));
  assert.ok(styles.length > 10);
  for (const { url, name } of styles) {
    const [is, written] = [await (await fetch(url)).text(), await readFile(new URL(`../../${name}`, import.meta.url), 'utf8')];
    assert.deepEqual(await rules(is), await rules(written), name);
  }
});

test('it opens without a network once it was there, and says so', async () => {
  const { page } = await stage.window(SIZES.phone);
  await page.goto(stage.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('You are offline.').waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await page.getByText('You are offline.').count(), 0);
});

test('it can be installed', async () => {
  const { page } = await stage.window();
  await page.goto(stage.url);
  const link = await page.evaluate(() => document.querySelector('link[rel="manifest"]').href);
  const manifest = await (await fetch(link)).json();
  assert.deepEqual([new URL(manifest.start_url, link).href, new URL(manifest.scope, link).href], [`${stage.url}/`, `${stage.url}/`]);
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(new URL(src, link));
    assert.deepEqual([icon.status, icon.headers.get('content-type')], [200, type], src);
  }
});

test('nothing was complained of', () => assert.deepEqual(stage.complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED')), []));
