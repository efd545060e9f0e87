//! The page and the terminal client through nginx and Caddy, as the files in `deploy/` set them up: TLS,
//! and the chat below a path.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { after, before, describe, test } from 'node:test';

import { chromium } from 'playwright-core';

import { front } from './fronts.js';
import { BROWSER, Stage, Window } from './stage.js';

const address = (url) => url.replace('http://', '');

/** Asks through a proxy; the answer's code, its headers and its text. */
async function ask(proxy, path, options = {}) {
  const ca = await readFile(proxy.cert);
  return new Promise((resolve, reject) => {
    const asked = request(`${proxy.origin}${path}`, { ca, agent: false, family: 4, ...options }, async (answer) => {
      let text = '';
      for await (const part of answer.setEncoding('utf8')) text += part;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    });
    asked.on('error', reject);
    asked.end();
  });
}

for (const name of ['nginx', 'caddy']) {
  describe(name, () => {
    let stage;
    let proxy;
    before(async () => {
      stage = await Stage.open();
      proxy = await front(name, address(stage.url));
      // One that takes the test's certificate, for the service worker, too.
      await stage.browser.close();
      stage.browser = await chromium.launch({ ...BROWSER, args: [...BROWSER.args, '--ignore-certificate-errors'] });
    });
    after(async () => {
      await proxy.close();
      await stage.close();
    });

    /** A window on the page behind the proxy. */
    const window = async () => {
      const { page } = await stage.window();
      return new Window(page, proxy.url);
    };

    test('page and terminal talk in a sealed room', async () => {
      const ann = await window();
      const token = await ann.openRoom('Ann');
      assert.equal(await ann.link(), `${proxy.url}/#${token}`);
      const words = ['join', '--server', proxy.url, '--ca', proxy.cert, token, 'Bob', '--json'];
      const bob = stage.run('CHAT_CLI_BIN', ...words);
      await ann.sees('Bob came in');
      const cem = await window();
      await cem.join(token, 'Cem');
      await ann.say('from the page');
      const heard = JSON.parse(await bob.line((line) => JSON.parse(line).text === 'from the page'));
      assert.equal(heard.nick, 'Ann');
      bob.say('from the terminal');
      await Promise.all([ann.hears('from the terminal'), cem.hears('from the terminal')]);
      assert.deepEqual(stage.complaints, []);
    });

    test('the path without its slash leads there, and nothing else is the chat', async () => {
      const { status, headers } = await ask(proxy, '/chat');
      assert.equal(status, 308);
      assert.match(headers.location, /\/chat\/$/);
      assert.equal((await ask(proxy, '/chat/healthz')).text, 'ok\n');
      assert.notEqual((await ask(proxy, '/healthz')).text, 'ok\n');
    });

    test('a page of another site does not get in', async () => {
      const upgrade = {
        connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': 13,
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'sec-websocket-protocol': 'chat.v1',
      };
      const { status, text } = await ask(proxy, '/chat/ws', { headers: { ...upgrade, origin: 'https://example.org' } });
      assert.deepEqual([status, JSON.parse(text).error], [403, 'forbidden']);
    });

    test('an address that a client makes up is not believed', async () => {
      const words = ['--listen', '127.0.0.1:0', '--address-creates', '1', '--trusted-proxy', '127.0.0.1'];
      const server = stage.run('CHAT_SERVER_BIN', ...words);
      const line = await server.line((text) => text.includes('http://'));
      const second = await front(name, /http:\/\/([\d.:]+)/.exec(line)[1]);
      try {
        const create = async (options) => (await ask(second, '/chat/create', { method: 'POST', ...options })).status;
        assert.equal(await create(), 200);
        for (const headers of [
          {}, { 'x-forwarded-for': '192.0.2.1' }, { forwarded: 'for=192.0.2.2' }, { 'x-real-ip': '192.0.2.3' },
        ]) {
          assert.equal(await create({ headers }), 429, JSON.stringify(headers));
        }
        assert.equal(await create({ localAddress: '127.0.0.2' }), 200, 'somebody else is somebody else');
      } finally {
        await second.close();
        await server.stop();
      }
    });
  });
}
