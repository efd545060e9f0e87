//! A server in a home or office network, by a name that is not localhost: what a browser may do there, over http and over https.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

/** What a person does who looks at the browser's warning and goes on. */
const TRUSTING = { ignoreHTTPSErrors: true };

let folder;
let open;
let secure;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-lan-'));
  open = await Stage.open('--allow-host', 'chat.lan');
  secure = await Stage.open('--allow-host', 'chat.lan', '--tls-self-signed', '--state-dir', folder);
  for (const stage of [open, secure]) stage.address = stage.url;
  for (const stage of [open, secure]) stage.url = stage.url.replace('127.0.0.1', 'chat.lan');
});
after(async () => {
  await open?.close();
  await secure?.close();
  await rm(folder, { recursive: true });
});

test('over http the page says why it can\'t encrypt, and opens a plain room where that is chosen', async () => {
  const ann = await open.window(SIZES.phone);
  await ann.page.goto(open.url);
  assert.equal(await ann.page.evaluate(() => isSecureContext), false);
  await ann.reads('landing.cannot_seal');
  await ann.screenshot('lan-http');
  // The choice stands open already, and nothing is chosen.
  await ann.nick.fill('Ann');
  const plain = ann.page.getByLabel(ann.words('options.plain'), { exact: true });
  assert.equal(await plain.isChecked(), false);
  await plain.check();
  await ann.button('landing.create').click();
  await ann.live();
  const token = (await ann.link()).split('#')[1];
  const bob = await open.window();
  await bob.join(token, 'Bob');
  await bob.say('hello over there');
  await ann.hears('hello over there');
  // The one thing more that a browser takes from HTTPS alone, and says so.
  assert.deepEqual(open.complaints.filter((complaint) => !complaint.includes('Cross-Origin-Opener-Policy')), []);
});

test('over http nobody gets into a sealed room by the page', async () => {
  const eve = await open.window();
  await eve.followLink('x3wd-6103-mqkm-0a9z-8k7c-2r5t-9v4h', 'Eve');
  await eve.page.getByText(/can't encrypt here/).first().waitFor();
  assert.equal(await eve.page.locator('.room[data-state="live"]').count(), 0);
});

test('over https with the server\'s own certificate two windows and a terminal talk in a sealed room', async () => {
  assert.match(secure.url, /^https:/);
  const ann = await secure.window(SIZES.desk, TRUSTING);
  const token = await ann.openRoom('Ann');
  assert.equal(await ann.page.evaluate(() => isSecureContext), true);
  await ann.page.getByText(ann.words('room.sealed')).first().waitFor();
  const bob = await secure.window(SIZES.phone, TRUSTING);
  await bob.join(token, 'Bob');
  await bob.say('sealed, in the LAN');
  await ann.hears('sealed, in the LAN');
  const ca = join(folder, 'cert.pem');
  const pat = secure.run('CHAT_CLI_BIN', 'join', '--server', secure.address, '--ca', ca, token, 'Pat', '--json');
  await ann.sees('Pat came in');
  await ann.say('and you?');
  await pat.line((line) => line.includes('and you?'));
  pat.say('me too');
  await bob.hears('me too');
  await bob.screenshot('lan-https');
  // Browsers keep no page for later from a server that they don't believe: that works without.
  const faults = secure.faults.filter((fault) => !/SSL certificate error .* fetching the script/.test(fault));
  assert.deepEqual(faults, []);
});

test('the fingerprint that the server says is the certificate\'s', async () => {
  const line = await secure.server.line((text) => text.includes('SHA-256'));
  const { fingerprint256 } = new X509Certificate(await readFile(join(folder, 'cert.pem')));
  assert.ok(line.endsWith(` ${fingerprint256}`), line);
});
