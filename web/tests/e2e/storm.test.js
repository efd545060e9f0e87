//! Storms: two hundred broken connections while four people talk, and a server that dies. Nothing is lost, nothing doubled.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Proxy } from './proxy.js';
import { Stage } from './stage.js';

/** How often the network breaks. */
const FAULTS = 200;

/** How much each of the four says meanwhile; fewer than may be outstanding. */
const SAYS = 60;

/** The limits don't matter here: four people on one address say much, and come and go. */
const SERVER = ['--message-rate', '0', '--log-events', '4096'];

/** Longer than the longest delay between two attempts: who isn't back by then has given up. */
const TOGETHER_MS = 60_000;

/** What a terminal says where something was not as it should be. */
const WRONG = new Set(['gap', 'missing', 'unverifiable', 'newer', 'unconfirmed', 'refused', 'end']);

/** A member with the terminal client. */
class Typist {
  constructor(name, terminal) {
    this.name = name;
    this.terminal = terminal;
  }

  static async join(stage, server, token, name) {
    const terminal = stage.run('CHAT_CLI_BIN', 'join', '--server', server, token, name, '--json');
    await terminal.line((line) => JSON.parse(line).type === 'live');
    return new Typist(name, terminal);
  }

  /** What was told so far, from the first line or a later one. */
  events(from = 0) {
    return this.terminal.lines.slice(from).map((line) => JSON.parse(line));
  }

  say(text) {
    this.terminal.say(text);
  }

  texts() {
    return this.events().filter(({ type }) => type === 'message').map(({ text }) => text);
  }

  mark() {
    return this.terminal.lines.length;
  }

  /** Waits until it came back or heard something, after `mark`. */
  wentOn(mark) {
    return this.terminal.line(() => this.events(mark).some(({ type }) => type === 'live' || type === 'message'));
  }

  isLost() {
    return this.terminal.line(() => this.events().at(-1)?.type === 'waiting');
  }

  hasAll(texts) {
    return this.terminal.line(() => {
      const shown = new Set(this.texts());
      return texts.every((text) => shown.has(text));
    });
  }

  /** How each welcome but the first was. */
  arrivals() {
    return this.events().filter(({ type }) => type === 'welcome').slice(1).map(({ arrival }) => arrival);
  }

  wrongs() {
    return this.events().filter(({ type }) => WRONG.has(type));
  }
}

/** A member with the page. */
class Reader {
  #said = Promise.resolve();

  constructor(name, window) {
    this.name = name;
    this.window = window;
    this.page = window.page;
  }

  /** Joins, or opens a room where there is no token yet. */
  static async join(stage, server, token, name) {
    const window = await stage.window();
    window.url = server;
    const opened = token === undefined ? await window.openRoom(name) : await window.join(token, name);
    const reader = new Reader(name, window);
    reader.token = opened ?? token;
    await reader.#watch();
    return reader;
  }

  /** Two texts at once would be typed into each other. */
  say(text) {
    this.#said = this.#said.then(() => this.window.say(text));
    return this.#said;
  }

  texts() {
    return this.window.messages();
  }

  mark() {
    return this.page.evaluate(() => window.progress);
  }

  wentOn(mark) {
    return this.page.evaluate((from) => window.until(() => window.progress > from), mark);
  }

  isLost() {
    return this.window.state(['waiting', 'connecting']);
  }

  hasAll(texts) {
    return this.page.evaluate((all) => window.until(() => {
      const shown = new Set([...document.querySelectorAll('.log .message-text')].map((element) => element.textContent));
      return all.every((text) => shown.has(text));
    }), texts);
  }

  /** Lines about what is missing or can't be trusted, and messages that nobody knows to have arrived. */
  wrongs() {
    return this.page.locator('.log .warning, .pending').allInnerTexts();
  }

  /** What happens in the page is counted there: it may be over before anybody could ask. */
  #watch() {
    return this.page.evaluate(() => {
      const room = document.querySelector('.room');
      const looks = new Set();
      window.progress = 0;
      window.until = (fits) => new Promise((resolve) => {
        const look = () => fits() && resolve() === undefined && looks.delete(look);
        looks.add(look);
        look();
      });
      new MutationObserver((records) => {
        const isNews = ({ target, type }) => (type === 'attributes' ? room.dataset.state === 'live' : target.matches('.log'));
        if (records.some(isNews)) window.progress += 1;
        for (const look of looks) look();
      }).observe(room, { subtree: true, childList: true, attributeFilter: ['data-state'] });
    });
  }
}

/** Numbers from 0 to below 1, always the same ones for a seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waits until all have all of these on their screens, and says who lacks what where that doesn't happen. */
async function together(members, texts) {
  const over = new AbortController();
  const all = Promise.all(members.map((member) => member.hasAll(texts))).then(() => true);
  const late = pause(TOGETHER_MS, false, { signal: over.signal });
  late.catch(() => {});
  const came = await Promise.race([all, late]);
  over.abort();
  if (came) return;
  all.catch(() => {});
  const missing = await Promise.all(members.map(async (member) => {
    const seen = new Set(await member.texts());
    return [member.name, texts.filter((text) => !seen.has(text))];
  }));
  assert.fail(`missing: ${JSON.stringify(Object.fromEntries(missing))}`);
}

/** All say a last word. Who has heard it has heard all that came before, a second time too. */
async function lastWord(members, texts) {
  const last = members.map(({ name }) => `${name}.last`);
  await together(members, texts);
  await Promise.all(members.map((member) => member.say(`${member.name}.last`)));
  await together(members, [...texts, ...last]);
  return [...texts, ...last];
}

/** What is on every screen. */
const screens = (members) => Promise.all(members.map((member) => member.texts()));

/** What the browser itself says of connections that break is no complaint of the page's. */
const ours = (stage) => stage.complaints.filter((complaint) => !/WebSocket connection to|net::ERR_/.test(complaint));

/** The ways in which a network breaks. What they wait is how long the trouble lasts. */
function troubles(proxy, random) {
  const below = (limit) => Math.floor(random() * limit);
  const either = (one, other) => (random() < 0.5 ? one : other);
  const truncate = async (towards) => {
    proxy.truncate(below(600), towards);
    await pause(below(40));
    proxy.cut(either('rst', 'fin'));
  };
  return [
    async function reset() {
      await pause(below(20));
      proxy.cut('rst');
    },
    async function end() {
      await pause(below(20));
      proxy.cut('fin');
    },
    async function truncateToClient() {
      await truncate('client');
    },
    async function truncateToServer() {
      await truncate('server');
    },
    async function stallAndCut() {
      await pause(below(10));
      proxy.stall();
      await pause(below(40));
      proxy.cut(either('rst', 'fin'));
    },
    async function stallAndGoOn() {
      proxy.stall();
      await pause(below(60));
    },
    async function refuse() {
      await pause(below(10));
      proxy.refuse();
      proxy.cut('rst');
      await pause(below(80));
    },
  ];
}

/** Everything that the members say, each theirs in order, and who says it when drawn from `random`. */
function script(members, random) {
  const turns = members.flatMap((member) => Array.from({ length: SAYS }, () => ({ member, order: random() })));
  turns.sort((one, other) => one.order - other.order);
  const counts = new Map();
  return turns.map(({ member }) => {
    const n = (counts.get(member) ?? 0) + 1;
    counts.set(member, n);
    return { member, text: `${member.name}.${n}` };
  });
}

test('in a storm nothing is lost and nothing doubled, and all see one order', { timeout: 240_000 }, async (t) => {
  const seed = Number(process.env.STORM_SEED ?? randomInt(2 ** 32));
  t.diagnostic(`STORM_SEED=${seed} makes the same faults again`);
  const random = generator(seed);
  const stage = await Stage.open(...SERVER);
  const proxy = await Proxy.open(stage.url);
  t.after(async () => {
    await stage.close();
    await proxy.close();
  });

  const ann = await Reader.join(stage, proxy.url, undefined, 'Ann');
  const bob = await Reader.join(stage, proxy.url, ann.token, 'Bob');
  const cyd = await Typist.join(stage, proxy.url, ann.token, 'Cyd');
  const dan = await Typist.join(stage, proxy.url, ann.token, 'Dan');
  const members = [ann, bob, cyd, dan];
  const says = script(members, random);
  const faults = troubles(proxy, random);

  const said = [];
  for (let fault = 0; fault < FAULTS; fault += 1) {
    // Somebody is in again before the next one, another one each time: nobody is kept out for ever.
    const witness = members[Math.floor(random() * members.length)];
    const mark = await witness.mark();
    const until = Math.floor(((fault + 1) * says.length) / FAULTS);
    while (said.length < until) {
      const { member, text } = says[said.length];
      said.push(member.say(text));
    }
    await faults[Math.floor(random() * faults.length)]();
    proxy.heal();
    await witness.wentOn(mark);
  }
  await Promise.all(said);

  const texts = await lastWord(members, says.map(({ text }) => text));
  const [first, ...others] = await screens(members);
  assert.deepEqual(first.toSorted(), texts.toSorted());
  for (const screen of others) assert.deepEqual(screen, first);
  for (const member of members) {
    assert.deepEqual(await member.wrongs(), []);
    const own = first.filter((text) => text.startsWith(member.name));
    assert.deepEqual(own, texts.filter((text) => text.startsWith(member.name)));
  }
  // All this was not for nothing: they were out again and again, and came back as whom they had been.
  for (const { name, arrivals } of [cyd, dan].map((typist) => ({ name: typist.name, arrivals: typist.arrivals() }))) {
    t.diagnostic(`${name} came back ${arrivals.length} times`);
    assert.ok(arrivals.length > FAULTS / 4, `${name} came back ${arrivals.length} times`);
    assert.deepEqual(new Set(arrivals), new Set(['resumed']));
  }
  for (const reader of [ann, bob]) {
    assert.equal(await reader.page.locator('.log .line').filter({ hasText: /left|again|gone|away/ }).count(), 0);
  }
  assert.deepEqual(ours(stage), []);
});

test('a server that dies is found again in the same room, and nothing that was said is lost', { timeout: 120_000 }, async (t) => {
  const stage = await Stage.open(...SERVER);
  // Ann has a way of her own, so that she alone can be cut off.
  const [door, hers] = [await Proxy.open(stage.url), await Proxy.open(stage.url)];
  t.after(async () => {
    await stage.close();
    await Promise.all([door.close(), hers.close()]);
  });
  const ann = await Reader.join(stage, hers.url, undefined, 'Ann');
  const bob = await Reader.join(stage, door.url, ann.token, 'Bob');
  const cyd = await Typist.join(stage, door.url, ann.token, 'Cyd');
  const dan = await Typist.join(stage, door.url, ann.token, 'Dan');
  const members = [ann, bob, cyd, dan];
  const say = (what, by = members) => Promise.all(by.map((member) => member.say(`${member.name}.${what}`)));
  const named = (what, by = members) => by.map(({ name }) => `${name}.${what}`);

  for (const member of members) {
    await say('before', [member]);
    await together(members, named('before', [member]));
  }
  const before = named('before');
  // The others have it, and Ann doesn't know.
  const others = [bob, cyd, dan];
  hers.refuse();
  hers.truncate(0);
  await say('unseen', [ann]);
  await together(others, named('unseen', [ann]));
  // Nobody has these.
  door.stall();
  await say('void', others);
  await bob.window.sees('Sending…');

  stage.server.child.kill('SIGKILL');
  await stage.server.gone;
  door.cut();
  door.heal();
  hers.heal();
  await Promise.all(members.map((member) => member.isLost()));
  await say('down');
  assert.deepEqual(await ann.texts(), before);
  assert.deepEqual(await bob.texts(), [...before, 'Ann.unseen']);

  const anew = stage.run('CHAT_SERVER_BIN', '--listen', '127.0.0.1:0', '--exempt-loopback', ...SERVER);
  const since = performance.now();
  const line = await anew.line((text) => text.includes('http://'));
  for (const proxy of [door, hers]) [proxy.target] = /http:\/\/[\d.:]+/.exec(line);
  const spoken = [...before, 'Ann.unseen', ...named('void', others), ...named('down')];
  await together(members, spoken);
  t.diagnostic(`all together again after ${Math.round(performance.now() - since)} ms`);
  const texts = await lastWord(members, spoken);

  const shown = await screens(members);
  // What Ann could not know to have arrived stands where it arrived: for the others before the server died, for her after.
  const order = shown[0].filter((text) => text !== 'Ann.unseen');
  for (const screen of shown) {
    assert.deepEqual(screen.toSorted(), texts.toSorted());
    assert.deepEqual(screen.slice(0, before.length), before);
    assert.deepEqual(screen.filter((text) => text !== 'Ann.unseen'), order);
  }
  for (const reader of [ann, bob]) {
    assert.deepEqual(await reader.wrongs(), ['The room was opened anew. What is above belongs to the earlier one.']);
    await reader.window.sees('Here now: 4');
  }
  for (const typist of [cyd, dan]) {
    assert.deepEqual(typist.wrongs(), []);
    assert.deepEqual(typist.arrivals(), ['reopened']);
  }
  assert.deepEqual(ours(stage), []);
});
