//! Names and texts of a member who means harm: they are shown, as text, and hurt nobody else's.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { misfits } from './fit.js';
import { SIZES, Stage } from './stage.js';

const NAMES = {
  markup: '<img src=x onerror=alert(1)>',
  wide: 'W'.repeat(32),
  wider: '\ufdfd'.repeat(21),
  marked: `Z${'\u0336\u030d'.repeat(15)}`,
  hanging: `g${'\u0323\u0330'.repeat(15)}`,
  'from right to left': 'שלום עולם',
  emoji: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦',
};

/** Who is called so is called by the person code. */
const NO_NAMES = {
  turning: '\u202eevE', joined: 'A\u200bnn', long: 'x'.repeat(100), blank: '\u2800', broken: 'one\ntwo', nothing: '', marks: '\u0301\u0301',
};

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script><a href="javascript:alert(1)">x</a>';

const TEXTS = {
  markup: MARKUP,
  links: '[a](javascript:alert(1)) javascript:alert(1) data:text/html,<script>alert(1)</script>',
  'turned text': `${'\u202e\u2067\u2066\u200f'.repeat(300)}gpj.exe`,
  'nothing to see': '\u200b\u200c\u2060'.repeat(1800),
  'one word': 'W'.repeat(16_384),
  'one link': `https://a.example/${'W'.repeat(1900)}`,
  // With the next one that is more than 10,000 marks: one message has no room for so many.
  'marks above': `a${'\u0301'.repeat(8191)}`,
  'marks below': `a${'\u0323'.repeat(8191)}`,
  'from right to left': 'שלום עולם '.repeat(150),
  'many faces': '👩‍👩‍👧‍👦'.repeat(500),
  'many lines': `a${'\n'.repeat(16_000)}b`,
  'many tabs': `a${'\t'.repeat(16_000)}b`,
  'deep quotes': `${'> '.repeat(8000)}x`,
  'deep marks': `${'***a '.repeat(1600)}${' a*'.repeat(1600)}`,
  'only marks': '*'.repeat(16_384),
  'a long language': `\`\`\`${'x'.repeat(3000)}\na\n\`\`\``,
};

/** What a message may be made of. */
const ELEMENTS = ['a', 'blockquote', 'code', 'em', 'mark', 'p', 'pre', 's', 'span', 'strong'];

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** A member whose names and texts nobody checks: the page's own machine without its views. */
class Member {
  constructor({ page }, name) {
    this.page = page;
    this.name = name;
  }

  /** Comes to the room of `token` by a window that is at the page. */
  static async come(window, token, nick) {
    const name = `member ${Math.random()}`;
    await window.page.evaluate(async ([text, called, as]) => {
      const [{ encodeBase64url }, { SealedWire }, { Session }, { parseToken }, { Connection }] = await Promise.all([
        import('/js/core/base64url.js'), import('/js/core/sealed-wire.js'), import('/js/core/session.js'),
        import('/js/core/token.js'), import('/js/io/connection.js'),
      ]);
      const wire = await SealedWire.open({ token: parseToken(text), nick: called, create: false, now: Date.now });
      const random = (length) => encodeBase64url(crypto.getRandomValues(new Uint8Array(length)));
      const session = new Session({
        ...wire.room, frameSize: (id, words) => wire.frameSize(id, words), nick: called, key: random(16), jitter: Math.random, ids: random(6),
      });
      await new Promise((resolve, reject) => {
        const connection = new Connection(session, new URL('/ws', location.href).href.replace('http', 'ws'), ({ type, state, code }) => {
          if (type === 'state' && state === 'live') resolve();
          if (type === 'state' && state === 'stopped') reject(new Error(code));
        }, wire);
        window[as] = connection;
        connection.run((machine, at) => machine.start(at));
      });
    }, [token, nick, name]);
    return new Member(window, name);
  }

  say(text) {
    return this.page.evaluate(([as, words]) => { window[as].run((machine) => machine.send(words)); }, [this.name, text]);
  }

  type() {
    return this.page.evaluate((as) => window[as].run((machine, at) => machine.typing(true, at)), this.name);
  }

  leave() {
    return this.page.evaluate((as) => window[as].run((machine) => machine.leave()), this.name);
  }
}

/** Ann, who looks; Bob, who is heard between the others; and a window for those who mean harm. */
async function room(size) {
  const ann = await stage.window(size, { reducedMotion: 'reduce' });
  const token = await ann.openRoom('Ann');
  const bob = stage.terminal(token, 'Bob');
  await ann.reads('log.joined', { nick: 'Bob' });
  const harm = await stage.window();
  await harm.page.goto(stage.url);
  return { ann, bob, come: (nick) => Member.come(harm, token, nick), end: () => bob.stop() };
}

/** What is painted where `place` is, with `others` and without them. */
async function isPaintedAlone(place, others) {
  const hide = (hidden) => others.evaluate((element, value) => { element.style.visibility = value; }, hidden ? 'hidden' : '');
  const together = await place.screenshot();
  await hide(true);
  const alone = await place.screenshot();
  await hide(false);
  return together.equals(alone);
}

/** Fails unless all that isn't the message is as it always is. */
async function staysWhole({ page }) {
  assert.deepEqual(await misfits(page), []);
  assert.equal(await page.title(), 'Room · Chat');
  const { names, schemes } = await page.locator('.log').evaluate((log) => ({
    names: [...new Set(Array.from(log.querySelectorAll('.message-text *'), ({ localName }) => localName))],
    schemes: [...new Set(Array.from(log.querySelectorAll('[href]'), ({ protocol }) => protocol))],
  }));
  assert.deepEqual(names.filter((name) => !ELEMENTS.includes(name)), []);
  assert.deepEqual(schemes.filter((scheme) => scheme !== 'https:'), []);
}

/** Whether all of it is inside of what is seen of the log. */
const isInSight = (locator) => locator.evaluate((element) => {
  const [inner, outer] = [element, element.closest('.scroller')].map((each) => each.getBoundingClientRect());
  return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right;
});

for (const [name, size] of Object.entries(SIZES)) {
  test(`each text is shown and hurts no other, at ${size.width} px`, async () => {
    const { ann, bob, come, end } = await room(size);
    const eve = await come('Eve');
    bob.say('before all');
    await ann.hears('before all');
    const messages = ann.page.locator('.log .message-text');
    let count = 1;
    for (const [what, text] of Object.entries(TEXTS)) {
      await eve.say(text);
      await messages.nth(count).waitFor({ state: 'attached' });
      bob.say(`after ${what}`);
      await ann.hears(`after ${what}`);
      const [before, harm, next] = [count - 1, count, count + 1].map((place) => messages.nth(place));
      count += 2;
      assert.equal(await messages.count(), count, what);
      assert.ok(await isInSight(next), `${what}: what is said next is not seen`);
      await staysWhole(ann);
      for (const [where, place] of Object.entries({ before, next })) {
        assert.ok(await isPaintedAlone(place, harm), `${what}: it is painted over what was said ${where}`);
      }
      await ann.page.locator('.scroller').evaluate((area) => { area.scrollTop = area.scrollHeight; });
    }
    assert.equal(await messages.nth(1).innerText(), MARKUP);
    await ann.screenshot(`hostile-texts-${name}`);
    await ann.say('still here');
    await ann.hears('still here');
    await end();
  });

  test(`each name is shown and hurts no other, at ${size.width} px`, async () => {
    const { ann, bob, come, end } = await room(size);
    const lines = ann.page.locator('.log > *');
    const people = ann.page.locator('.people-list > *');
    for (const [what, nick] of Object.entries(NAMES)) {
      const eve = await come(nick);
      await ann.reads('log.joined', { nick });
      await eve.say('hello');
      bob.say(`after ${what}`);
      await ann.hears(`after ${what}`);
      const count = await lines.count();
      const [joined, said, next] = [count - 3, count - 2, count - 1].map((place) => lines.nth(place));
      assert.equal(await said.locator('.message-nick').innerText(), nick, what);
      assert.ok(await isPaintedAlone(said.locator('.message-text'), joined.or(next)), `${what}: it is painted over what is said`);
      for (const [where, place, other] of [['line', said, joined], ['message', joined, said], ['message', next, said]]) {
        assert.ok(await isPaintedAlone(place, other), `${what}: the ${where} is painted over others`);
      }
      const idle = await ann.page.locator('.typing').boundingBox();
      await eve.type();
      await ann.reads('typing.one', { a: nick });
      assert.deepEqual(await ann.page.locator('.typing').boundingBox(), idle, `${what}: typing moves what is around`);
      await staysWhole(ann);
      await eve.leave();
      await ann.reads('log.left', { nick });
    }
    await Promise.all(Object.values(NAMES).map(come));
    await people.nth(Object.keys(NAMES).length + 1).waitFor({ state: 'attached' });
    await ann.screenshot(`hostile-names-${name}`);
    await ann.say('/who');
    for (let place = 0; place < await people.count(); place += 1) {
      const others = ann.page.locator(`.people-list > :not(:nth-child(${place + 1}))`);
      for (const other of [others.nth(Math.max(place - 1, 0)), others.nth(Math.min(place, await others.count() - 1))]) {
        assert.ok(await isPaintedAlone(people.nth(place), other), `${await other.innerText()} is painted over others`);
      }
    }
    await staysWhole(ann);
    await ann.screenshot(`hostile-people-${name}`);
    await end();
  });
}

test('what is no name is not shown as one', async () => {
  const { ann, come, end } = await room(SIZES.phone);
  const code = /^\w{4}-\w{4}-\w{4}$/;
  for (const [what, nick] of Object.entries(NO_NAMES)) {
    const eve = await come(nick);
    await eve.say(`I am ${what}`);
    await ann.hears(`I am ${what}`);
    const said = ann.page.locator('.message').filter({ hasText: `I am ${what}` });
    assert.match(await said.locator('.message-nick').textContent(), code, what);
    for (const shown of await ann.page.locator('.people-list .nick').allTextContents()) assert.match(shown, /^(Ann|Bob|\w{4}-\w{4}-\w{4})$/);
    await eve.leave();
  }
  await end();
});

test('no policy was violated and no error shown, in any of these', () => assert.deepEqual(stage.faults, []));
