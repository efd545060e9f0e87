//! Encrypted rooms in a real browser: what members see, and that nobody else sees it.

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { SIZES, Stage } from './stage.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

test('every vector, in this browser', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-page-'));
  await cp(here('../../js'), join(folder, 'js'), { recursive: true });
  await cp(here('../../index.html'), join(folder, 'index.html'));
  await cp(here('../vectors/seal-checks.js'), join(folder, 'seal-checks.js'));
  await cp(here('../../../crates/chat-seal/tests/vectors/seal-v1.json'), join(folder, 'seal-v1.json'));
  const second = await Stage.open('--web-dir', folder);
  try {
    const { page } = await second.window();
    await page.goto(second.url);
    const { checks, failures } = await page.evaluate(async () => {
      const [{ checkSealing }, seal, sealedToken, token, base64url, vectors] = await Promise.all([
        import('/seal-checks.js'), import('/js/core/seal.js'), import('/js/core/sealed-token.js'),
        import('/js/core/token.js'), import('/js/core/base64url.js'), fetch('/seal-v1.json').then((r) => r.json()),
      ]);
      return checkSealing(vectors, { seal, sealedToken, token, base64url });
    });
    assert.deepEqual(failures, []);
    assert.ok(checks > 150, `${checks} checks`);
  } finally {
    await second.close();
    await rm(folder, { recursive: true });
  }
});

test('long texts, every script and line breaks go both ways between page and terminal', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Анна 👩‍👩‍👧');
  const bob = stage.terminal(token, 'Боб');
  await ann.sees('Боб came in');
  const long = `Привет, 世界 👋🏽\n"quoted" \\ ${'я'.repeat(8100)}`;
  await ann.message.fill(long);
  await ann.page.keyboard.press('Enter');
  const heard = JSON.parse(await bob.line((line) => JSON.parse(line).text?.startsWith('Привет')));
  assert.deepEqual([heard.nick, heard.text], ['Анна 👩‍👩‍👧', long]);
  bob.say(`back ${'я'.repeat(8100)}`);
  await ann.hears(`back ${'я'.repeat(8100)}`);
});

test('codes are the same on both screens', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Ann');
  const second = await stage.window(SIZES.phone);
  await second.join(token, 'Ann');
  // Two with one name are told apart by their whole codes.
  const tag = ann.page.locator('.people-list .person-code').first();
  await tag.waitFor();
  const codes = async (window) => {
    if (window === second) await window.page.getByRole('button', { name: /People and link/ }).click();
    await window.page.getByText('Compare codes').click();
    const room = await window.page.locator('.codes .person-code').first().innerText();
    return [room, ...(await window.page.locator('.code-list .person-code').allInnerTexts()).sort()];
  };
  const [ours, theirs] = [await codes(ann), await codes(second)];
  assert.deepEqual(ours, theirs);
  assert.match(ours[0], /^\w{4}-\w{4}-\w{4}-\w{4}$/);
  assert.match(ours[1], /^\w{4}-\w{4}-\w{4}$/);
  assert.notEqual(ours[1], ours[2]);
  await second.screenshot('codes');
});

test('a name that looks like another is shown with its code', async () => {
  const ann = await stage.window();
  const token = await ann.openRoom('Pascal');
  const other = stage.terminal(token, 'Раsсаl');
  await ann.page.locator('.people-list .person-code').nth(1).waitFor();
  await ann.screenshot('alike');
  other.child.stdin.end();
  await other.gone;
});

test('a room that is gone is opened again with the same token, a token with a typo is never sent', async () => {
  const ann = await stage.window();
  await ann.followLink('000g-40r4-0m30-e209-185g-r38e-1wpn', 'Ann');
  await ann.sees('There is no such room: it has ended, or the token is wrong.');
  await ann.screenshot('open-again');
  await ann.page.getByRole('button', { name: 'Open the room again' }).click();
  await ann.live();
  const bob = await stage.window();
  await bob.join('000g-40r4-0m30-e209-185g-r38e-1wpn', 'Bob');

  const eve = await stage.window();
  let sockets = 0;
  eve.page.on('websocket', () => { sockets += 1; });
  await eve.followLink('100g-40r4-0m30-e209-185g-r38e-1wpn', 'Eve');
  await eve.sees('This token has a typo');
  assert.equal(sockets, 0);
});

test('nothing that reaches the server holds token, name or text; a plain room shows that this test can see them', async () => {
  for (const plain of [false, true]) {
    const ann = await stage.window();
    const bytes = [];
    ann.page.on('request', (request) => bytes.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ''));
    ann.page.on('websocket', (socket) => {
      bytes.push(socket.url());
      socket.on('framesent', ({ payload }) => bytes.push(String(payload)));
    });
    const token = await ann.openRoom('Zebulon', { plain });
    await ann.say('the treasure is buried under the oak');
    await ann.hears('the treasure is buried under the oak');
    const all = bytes.join('\n');
    for (const word of [token, 'Zebulon', 'the treasure is buried under the oak']) {
      const spellings = [
        word, word.replaceAll('-', ''), encodeURIComponent(word), Buffer.from(word).toString('base64').replace(/=+$/, ''),
        Buffer.from(word).toString('base64url'), Buffer.from(word).toString('hex'),
      ];
      assert.equal(spellings.some((spelling) => all.includes(spelling)), plain, `${word}, ${plain ? 'plain' : 'sealed'}`);
    }
  }
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
