//! Marks, mentions, commands and completion, in a real browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage, isFocused } from './stage.js';

const ALL_MARKS = [
  'plain **bold** *italic* ~~struck~~ `code` https://a.example/x?y=1.', '> quoted **too**', '> > twice', '```js', 'let a = "<b>";', '```', 'last',
].join('\n');

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Two windows in one room. */
async function pair({ plain = false, size = SIZES.desk } = {}) {
  const ann = await stage.window(size);
  const token = await ann.openRoom('Ann', { plain });
  const bob = await stage.window(size);
  await bob.join(token, 'Bob');
  await ann.sees('Bob came in');
  return { ann, bob, token };
}

/** The elements of the newest message as arrays: name and children. */
const newest = (window) => window.page.locator('.log .message-text').last().evaluate((body) => {
  const plain = (node) => (node.nodeType === Node.TEXT_NODE ? node.data : [node.localName, ...Array.from(node.childNodes, plain)]);
  return Array.from(body.childNodes, plain);
});


for (const plain of [false, true]) test(`marks are seen on the other side of a ${plain ? 'plain' : 'sealed'} room`, async () => {
  const { ann, bob } = await pair({ plain });
  await ann.say(ALL_MARKS);
  await bob.hears('last');
  const expected = [
    ['p', 'plain ', ['strong', 'bold'], ' ', ['em', 'italic'], ' ', ['s', 'struck'], ' ', ['code', 'code'], ' ',
      ['a', 'https://a.example/x?y=1'], '.'],
    ['blockquote', ['p', 'quoted ', ['strong', 'too']], ['blockquote', ['p', 'twice']]],
    ['pre', ['code', 'let a = "<b>";']],
    ['p', 'last'],
  ];
  assert.deepEqual(await newest(bob), expected);
  await ann.hears('last');
  assert.deepEqual(await newest(ann), expected);
  const link = bob.page.getByRole('link', { name: 'https://a.example/x?y=1' });
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await link.getAttribute('target'), '_blank');
});

test('what waits to be sent has its marks, too', async () => {
  const second = await Stage.open();
  try {
    const ann = await second.window();
    await ann.openRoom('Ann');
    await second.server.stop();
    await ann.sees('Trying again in');
    await ann.say('**later**');
    await ann.page.locator('.pending-list strong').filter({ hasText: 'later' }).waitFor();
  } finally {
    await second.close();
  }
});

test('a mention is marked for the one who is meant, under a new name as well', async () => {
  const { ann, bob } = await pair();
  await ann.say('@bob and @Ann, not @nobody');
  await bob.hears('not @nobody');
  await ann.hears('not @nobody');
  assert.deepEqual(await newest(bob), [['p', ['mark', '@bob'], ' and ', ['span', '@Ann'], ', not @nobody']]);
  assert.deepEqual(await newest(ann), [['p', ['span', '@bob'], ' and ', ['mark', '@Ann'], ', not @nobody']]);
  await bob.say('/nick Robert the 2nd');
  await ann.sees('Bob is now called Robert the 2nd');
  await bob.sees('You are now called Robert the 2nd');
  await ann.say('so, @robert the 2nd!');
  await bob.hears('so, @robert');
  assert.deepEqual(await newest(bob), [['p', 'so, ', ['mark', '@robert the 2nd'], '!']]);
});

test('a name that is taken or none is said at the composer, and stays there to be corrected', async () => {
  const { bob } = await pair({ plain: true, size: SIZES.phone });
  await bob.say('/nick aNN');
  await bob.sees('Somebody in this room has that name already. Choose another one.');
  assert.equal(await bob.message.inputValue(), '/nick aNN');
  await bob.say('/nick a:b');
  await bob.sees('A name can hold no colon');
  assert.equal(await bob.message.inputValue(), '/nick a:b');
});

test('/me and // say something, with emoji for their names', async () => {
  const { ann, bob } = await pair();
  await ann.say('/me waves :wave:');
  await bob.hears('waves 👋');
  assert.deepEqual(await newest(bob), [['p', ['em', 'waves 👋']]]);
  await ann.say('// help');
  await bob.hears('/ help');
  assert.deepEqual(await newest(bob), [['p', '/ help']]);
});

for (const size of Object.values(SIZES)) test(`/who and /code lead to the people, at ${size.width} px, and Escape leads back`, async () => {
  const { ann } = await pair({ size });
  await ann.say('/who');
  const heading = ann.page.getByRole('heading', { name: 'Here now: 2' });
  await heading.waitFor();
  assert.ok(await isFocused(heading));
  await ann.page.keyboard.press('Escape');
  assert.ok(await isFocused(ann.message));
  assert.equal(await ann.message.inputValue(), '');
  await ann.say('/code');
  await ann.page.locator('.code-list .person-code').nth(1).waitFor();
  assert.ok(await isFocused(ann.page.locator('.codes summary')));
  await ann.page.keyboard.press('Escape');
  assert.ok(await isFocused(ann.message));
});

test('a plain room has no codes', async () => {
  const { ann } = await pair({ plain: true });
  await ann.say('/code');
  await ann.sees('A plain room has no codes to compare.');
});

test('/help lists every command; Escape closes it and leads back', async () => {
  const { ann } = await pair({ size: SIZES.phone });
  await ann.say('/help');
  const help = ann.page.getByRole('dialog', { name: 'Commands' });
  await help.waitFor();
  assert.deepEqual(await help.locator('dt').allInnerTexts(), ['/nick NAME', '/me TEXT', '/who', '/code', '/leave', '/help']);
  await ann.screenshot('help');
  await ann.page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  assert.ok(await isFocused(ann.message));
  await ann.page.keyboard.type('/help');
  await ann.page.keyboard.press('Enter');
  await help.getByRole('button', { name: 'Close' }).click();
  await help.waitFor({ state: 'hidden' });
  assert.ok(await isFocused(ann.message));
});

test('what is no command, or misused, is said, and the draft stays', async () => {
  const { ann } = await pair();
  for (const [text, sentence] of [
    ['/shrug', 'There is no command /shrug.'], ['/nick', 'This command is written /nick NAME.'], ['/who is it', 'This command is written /who.'],
  ]) {
    await ann.say(text);
    await ann.sees(sentence);
    assert.equal(await ann.message.inputValue(), text);
  }
  assert.deepEqual(await ann.messages(), []);
});

test('/leave leaves', async () => {
  const { ann, bob } = await pair();
  await bob.say('/leave');
  await bob.sees('You left the room.');
  await ann.sees('Bob left');
});

test('Tab completes commands, names and emoji, and otherwise moves on', async () => {
  const { ann, bob, token } = await pair();
  const { keyboard } = ann.page;
  const bobby = stage.terminal(token, 'Bobby Tables');
  await ann.sees('Bobby Tables came in');
  const typed = async (text, ...keys) => {
    await ann.message.fill('');
    await keyboard.type(text);
    for (const key of keys) await keyboard.press(key);
    return ann.message.inputValue();
  };
  assert.equal(await typed('/co', 'Tab'), '/code ');
  assert.equal(await typed('ask @bo', 'Tab'), 'ask @Bob ');
  assert.equal(await typed('ask bo', 'Tab', 'Tab'), 'ask @Bobby Tables ');
  assert.equal(await typed('ask bo', 'Tab', 'Tab', 'Shift+Tab'), 'ask @Bob ');
  assert.equal(await typed('ask bo', 'Tab', 'Shift+Tab'), 'ask bo');
  assert.equal(await typed('hot :coff', 'Tab'), 'hot ☕ ');
  assert.ok(await isFocused(ann.message));
  // Neither behind the last match nor without one is the focus kept.
  for (const [text, keys] of [['/co', ['Tab', 'Tab']], ['well', ['Tab']], ['', ['Tab']]]) {
    await typed(text, ...keys);
    assert.ok(await isFocused(ann.page.getByRole('button', { name: 'Send' })), text);
    await keyboard.press('Shift+Tab');
    assert.ok(await isFocused(ann.message), text);
  }
  await typed('ask bo', 'Tab', 'Tab');
  await keyboard.type('now');
  await keyboard.press('Enter');
  await bob.hears('ask @Bobby Tables now');
  assert.deepEqual(await newest(bob), [['p', 'ask ', ['span', '@Bobby Tables'], ' now']]);
  bobby.child.stdin.end();
  await bobby.gone;
});

test('no policy was violated and no error shown, in any of these', () => {
  assert.deepEqual(stage.complaints, []);
});
