import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const SOURCE = readFileSync(new URL('../../sw.js', import.meta.url), 'utf8');
const PAGE = 'https://chat.test/below/';

/** A page that names these files. */
const page = (...files) => files.map((file) => `<link href="${file}">`).join('\n');

/** The service worker, with a network and a store that the test can look into. */
class Browser {
  network = new Map();
  kept = new Map();
  #listeners = new Map();

  constructor() {
    const urlOf = (request) => request.url ?? request;
    const fetch = async (request) => {
      const text = this.network.get(urlOf(request));
      if (text === undefined) throw new TypeError('offline');
      return new Response(text);
    };
    const store = {
      addAll: async (urls) => { for (const url of urls) this.kept.set(url, await fetch(url)); },
      put: async (request, answer) => void this.kept.set(urlOf(request), answer),
      keys: async () => [...this.kept.keys()].map((url) => ({ url })),
      delete: async (url) => this.kept.delete(url),
    };
    const caches = { open: async () => store, match: async (request) => this.kept.get(urlOf(request))?.clone() };
    const self = {
      location: `${PAGE}sw.js`, skipWaiting: async () => {}, clients: { claim: async () => {} },
      addEventListener: (type, listener) => this.#listeners.set(type, listener),
    };
    runInNewContext(SOURCE, { self, caches, fetch, URL, Response });
  }

  /** An event, with all that it set going. Returns what it was answered with. */
  async #event(type, details = {}) {
    const going = [];
    let answer;
    this.#listeners.get(type)({ ...details, waitUntil: (work) => going.push(work), respondWith: (given) => { answer = given; } });
    const given = await answer;
    await Promise.all(going);
    return given?.type === 'error' ? null : given?.text();
  }

  install() {
    return this.#event('install');
  }

  open(url = PAGE) {
    return this.#event('fetch', { request: { url, mode: 'navigate' } });
  }

  load(path) {
    return this.#event('fetch', { request: { url: PAGE + path, mode: 'cors' } });
  }
}

function publish(browser, version) {
  browser.network.clear();
  browser.network.set(PAGE, page(`v/${version}/main.js`));
  for (const name of ['main.js', 'later.js']) browser.network.set(`${PAGE}v/${version}/${name}`, `${name} ${version}`);
}

test('what was opened once opens without a network, a link to a room too', async () => {
  const browser = new Browser();
  publish(browser, 'a1');
  await browser.install();
  browser.network.clear();
  assert.equal(await browser.open(), page('v/a1/main.js'));
  assert.equal(await browser.open(`${PAGE}#token`), page('v/a1/main.js'));
  assert.equal(await browser.load('v/a1/main.js'), 'main.js a1');
  await assert.rejects(browser.load('v/a1/later.js'), TypeError);
});

test('what is loaded on need is kept from then on', async () => {
  const browser = new Browser();
  publish(browser, 'a1');
  await browser.install();
  await browser.load('v/a1/later.js');
  browser.network.clear();
  assert.equal(await browser.load('v/a1/later.js'), 'later.js a1');
});

test('a newer page is shown at once, and takes the place of what was kept', async () => {
  const browser = new Browser();
  publish(browser, 'a1');
  await browser.install();
  await browser.load('v/a1/later.js');
  publish(browser, 'b2');
  assert.equal(await browser.open(), page('v/b2/main.js'));
  assert.deepEqual([...browser.kept.keys()].sort(), [PAGE, `${PAGE}v/b2/main.js`]);
});

test('rooms and whatever else there is go to the server', async () => {
  const browser = new Browser();
  publish(browser, 'a1');
  await browser.install();
  assert.equal(await browser.load('create'), undefined);
  assert.equal(await browser.open(`${PAGE}info`), undefined);
});

test('without anything kept the browser says itself that there is no network', async () => {
  assert.equal(await new Browser().open(), null);
});
