//! Names and texts of a member who means harm: they are shown, as text, and hurt nobody else's.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { misfits } from './fit.js';
import { SIZES, Stage } from './stage.js';

const NAMES = {
  markup: '<img src=x onerror=alert(1)>',
  wide: 'W'.repeat(32),
  wider: '\ufdfd'.repeat(21),
  marked: `Z${'\u0336'.repeat(15)}${'\u030d'.repeat(15)}`,
  hanging: `g${'\u0331'.repeat(30)}`,
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

/** From how many levels of red, green or blue a difference counts. */
const LEVELS_SEEN = 16;

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
      const { src } = document.querySelector('script[type="module"]');
      const [{ encodeBase64url }, { SealedWire }, { Session }, { parseToken }, { Connection }] = await Promise.all([
        'core/base64url.js', 'core/sealed-wire.js', 'core/session.js', 'core/token.js', 'io/connection.js',
      ].map((path) => import(new URL(path, src))));
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

/** Whether two pictures are the same to the eye: where edges fall between pixels they may differ by a little. */
const looksSame = (page, ...pictures) => page.evaluate(async ([shots, least]) => {
  const [one, other] = await Promise.all(shots.map(async (shot) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(shot), (char) => char.charCodeAt(0))]));
    const paper = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    paper.drawImage(picture, 0, 0);
    return paper.getImageData(0, 0, picture.width, picture.height).data;
  }));
  return one.length === other.length && one.every((level, place) => Math.abs(level - other[place]) < least);
}, [pictures.map((picture) => picture.toString('base64')), LEVELS_SEEN]);

/** Fails where `suspects`, of which their own boxes are covered, are painted over anything else in `place`. */
async function paintInside(place, suspects, what) {
  const show = (visibility) => suspects.evaluateAll((elements, value) => {
    for (const element of elements) element.style.visibility = value;
  }, visibility);
  const shot = () => place.screenshot({ mask: [suspects] });
  const shown = await shot();
  await show('hidden');
  const hidden = await shot();
  await show('');
  assert.ok(shown.equals(hidden) || await looksSame(place.page(), shown, hidden), `${what}: it is painted over others`);
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

describe('nobody else is hurt', { concurrency: 2 }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    test(`by texts, at ${size.width} px`, async () => {
      const { ann, bob, come, end } = await room(size);
      const scroller = ann.page.locator('.scroller');
      const messages = ann.page.locator('.log .message-text');
      const eve = await come('Eve');
      let count = 0;
      for (const [what, text] of Object.entries(TEXTS)) {
        bob.say(`before ${what}`);
        await ann.hears(`before ${what}`);
        await eve.say(text);
        await messages.nth(count + 1).waitFor({ state: 'attached' });
        bob.say(`after ${what}`);
        await ann.hears(`after ${what}`);
        assert.equal(await messages.count(), count + 3, what);
        assert.ok(await isInSight(messages.nth(count + 2)), `${what}: what is said next is not seen`);
        await staysWhole(ann);
        await paintInside(scroller, messages.nth(count + 1), what);
        count += 3;
      }
      assert.equal(await messages.nth(1).innerText(), MARKUP);
      await ann.screenshot(`hostile-texts-${name}`);
      await ann.say('still here');
      await ann.hears('still here');
      await end();
    });

    test(`by names, at ${size.width} px`, async () => {
      const { ann, bob, come, end } = await room(size);
      const typing = ann.page.locator('.typing');
      for (const [what, nick] of Object.entries(NAMES)) {
        const eve = await come(nick);
        await ann.reads('log.joined', { nick });
        const idle = await typing.boundingBox();
        await eve.type();
        await typing.filter({ hasText: nick }).waitFor();
        assert.deepEqual(await typing.boundingBox(), idle, `${what}: typing moves what is around`);
        await eve.say(`I am ${what}`);
        await ann.hears(`I am ${what}`);
        bob.say(`after ${what}`);
        await ann.hears(`after ${what}`);
        const said = ann.page.locator('.message').filter({ hasText: `I am ${what}` });
        assert.equal(await said.locator('.message-nick').innerText(), nick);
        await staysWhole(ann);
      }
      await ann.screenshot(`hostile-names-${name}`);
      // So high that all are seen at once.
      await ann.page.setViewportSize({ width: size.width, height: 2400 });
      await paintInside(ann.page.locator('.scroller'), ann.page.locator('.log .nick'), 'in the log');
      await ann.say('/who');
      await paintInside(ann.page.locator('.panel'), ann.page.locator('.people-list .nick'), 'in the list');
      await ann.page.setViewportSize(size);
      await staysWhole(ann);
      await ann.screenshot(`hostile-people-${name}`);
      await end();
    });
  }
});

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
