//! What a screen reader is told of a conversation of three.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.js';

/** Roles that somebody can do something with, or that lead to others. */
const NAMED = new Set([
  'button', 'checkbox', 'combobox', 'dialog', 'DisclosureTriangle', 'image', 'link', 'log', 'radio', 'region', 'slider', 'switch', 'textbox',
]);

const BAR = `
- banner:
  - heading "Room" [level=1]
  - status: Connected
  - paragraph: End-to-end encrypted LIFE left
  - button "Settings"
  - button "Leave"`;

const LOG = `
- log "Messages":
  - paragraph:
    - time: Today
  - paragraph:
    - text: You came in
    - time: TIME
  - paragraph:
    - text: Bob came in
    - time: TIME
  - paragraph:
    - text: Carla came in
    - time: TIME
  - text: You
  - time: TIME
  - paragraph:
    - text: Hello, @Bob,
    - strong: both
    - text: of you
  - text: Bob
  - time: TIME
  - blockquote:
    - paragraph: Hello
  - paragraph:
    - text: See
    - link "https://example.org/a":
      - /url: https://example.org/a
  - text: Carla
  - time: TIME
  - paragraph:
    - text: from the
    - code: terminal
  - text: You
  - time: TIME
  - paragraph: and so on
  - text: You
  - time: TIME
  - paragraph: "and on: under one name, which is read all the same"`;

const COMPOSER = `
- text: Your message
- textbox "Your message"
- button "Send"
- paragraph: Enter sends, Shift+Enter breaks the line, /help says what else there is
- status`;

const PANEL = `
- region "People and link":
  - heading "Invite" [level=2]
  - paragraph: Send this link to those you want to talk to. Whoever has it can come in.
  - text: Invite link
  - textbox "Invite link": LINK
  - button "Copy link"
  - button "Copy token"
  - button "Show QR code"
  - group: What each way reveals
  - 'heading "Here now: 3" [level=2]'
  - list:
    - listitem: Ann you here
    - listitem: Bob here
    - listitem: Carla here
  - button "Change your name"
  - group: Compare codes
  - heading "About this room" [level=2]
  - paragraph: This room is end-to-end encrypted. Only those who have the link can read what is written here; the server sees that somebody writes, from where and when.
  - paragraph: It ends by itself on DAY TIME and earlier when everybody has left. Its messages are gone then.`;

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Ann's window, in a room with Bob at his and Carla at a terminal. */
async function three(size) {
  const ann = await stage.window(size, { locale: 'en-GB' });
  const token = await ann.openRoom('Ann');
  const bob = await stage.window();
  await bob.join(token, 'Bob');
  await ann.reads('log.joined', { nick: 'Bob' });
  const carla = stage.terminal(token, 'Carla');
  await ann.reads('log.joined', { nick: 'Carla' });
  await ann.page.getByText(ann.words('people.heading', { count: 3 })).waitFor({ state: 'attached' });
  return { ann, bob, carla };
}

/** The accessibility tree below `place`. What differs from run to run is taken out: times, the link, how long the room lives. */
async function treeOf({ page }, place) {
  const tree = await page.locator(place).ariaSnapshot();
  return `\n${tree}`
    // Whether somebody is still typing is a matter of seconds.
    .replace(/ typing…/g, '')
    .replace(/\d+ h(?: \d+ min)?/g, 'LIFE')
    .replace(/(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/g, 'DAY')
    .replace(/\d\d:\d\d(?:\s[AP]M)?/g, 'TIME')
    .replace(/http:\/\/[\d.:]+\/#[\w-]+/g, 'LINK');
}

test('the tree has who speaks, when, and what, and what can be done', async () => {
  const { ann, bob, carla } = await three(SIZES.desk);
  await ann.say('Hello, @Bob, **both** of you');
  await bob.hears('both of you');
  await bob.say('> Hello\nSee https://example.org/a');
  await ann.hears('example.org');
  carla.say('from the `terminal`');
  await ann.hears('terminal');
  await ann.say('and so on');
  await ann.say('and on: under one name, which is read all the same');
  await ann.hears('and on');
  await ann.page.locator('.pending').waitFor({ state: 'detached' });
  for (const [place, tree] of [['.bar', BAR], ['.log', LOG], ['.composer', COMPOSER], ['.panel', PANEL]]) {
    assert.equal(await treeOf(ann, place), tree);
  }
});

test('what is said is read out once, politely', async () => {
  const { ann, bob } = await three(SIZES.desk);
  assert.deepEqual(await ann.page.getByRole('log').evaluateAll((logs) => logs.map((log) => log.ariaLive)), ['polite']);
  await ann.page.evaluate(() => {
    window.heard = [];
    const live = '[aria-live="polite"], [aria-live="assertive"], [role="alert"], [role="status"], [role="log"]';
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const place = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        if (place?.closest(live)) window.heard.push(...Array.from(addedNodes, (node) => node.textContent), place.localName);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await bob.say('from another');
  await ann.hears('from another');
  await ann.say('from here');
  await ann.hears('from here');
  await bob.hears('from here');
  await ann.page.locator('.pending').waitFor({ state: 'detached' });
  const heard = await ann.page.evaluate(() => window.heard);
  for (const text of ['from another', 'from here']) assert.equal(heard.filter((words) => words.includes(text)).length, 1, text);
});

for (const [name, size] of Object.entries(SIZES)) test(`every control has a name, at ${size.width} px`, async () => {
  const { ann } = await three(size);
  const { page } = ann;
  const debug = await page.context().newCDPSession(page);
  const controls = async () => {
    const { nodes } = await debug.send('Accessibility.getFullAXTree');
    const found = nodes.filter(({ ignored, role }) => !ignored && NAMED.has(role.value));
    return found.map(({ role, name: called }) => ({ role: role.value, name: called?.value ?? '' }));
  };
  const seen = new Set();
  const check = async () => {
    for (const { role, name: called } of await controls()) {
      assert.notEqual(called.trim(), '', `a ${role} has no name`);
      seen.add(role);
    }
  };
  await check();
  await ann.say('/code');
  await ann.reads('codes.people_explain');
  await ann.button('people.rename').click();
  await ann.button('share.show_qr').click();
  await page.getByRole('img', { name: ann.words('share.qr') }).filter({ visible: true }).waitFor();
  await check();
  await page.keyboard.press('/');
  await ann.say('/help');
  await page.getByRole('dialog').waitFor();
  await check();
  assert.deepEqual([...seen].sort(), ['DisclosureTriangle', 'button', 'dialog', 'image', 'log', 'region', 'textbox'], name);
});

test('no policy was violated and no error shown, in any of these', () => assert.deepEqual(stage.faults, []));
