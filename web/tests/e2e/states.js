//! The states of the page, in the order in which somebody comes to them.

import assert from 'node:assert/strict';

import { Proxy } from './proxy.js';
import { isFocused } from './stage.js';

const LOCALES = { en: 'en-GB', ru: 'ru-RU' };

/** A sealed token of a room that isn't there, and the same with a typo. */
const LOST = '000g-40r4-0m30-e209-185g-r38e-1wpn';
const MISTYPED = '100g-40r4-0m30-e209-185g-r38e-1wpn';

/** All that a message can show. */
const MARKED = [
  '@Ann, **bold**, *italic*, ~~struck~~ and `code`: https://example.org/a?b=1#c', '> quoted **too**', '> > by another', '```js',
  'const answer = 6 * 7; // in a line that is longer than a phone is wide', '```', 'and 👋🏽 for @Carla',
].join('\n');

/**
 * Each brings the page there from the one before. A new state is an entry here, in its place on the way: walk.test.js takes its
 * picture and measures it, axe.test.js examines it.
 * @type {Record<string, (way: Way) => Promise<void>>}
 */
export const STATES = {
  async key({ ann }) {
    // Another server's answer: this one opens rooms for everybody.
    await ann.page.route('**/info', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...await response.json(), create_key: true } });
    });
    await ann.page.goto(ann.url);
    await ann.page.getByLabel(ann.words('landing.key_label')).waitFor();
    await ann.nick.fill('Ann');
    await ann.button('landing.create').click();
    await ann.reads('key.empty');
    await ann.page.unroute('**/info');
  },
  async landing({ ann }) {
    await ann.page.goto(ann.url);
    await ann.button('landing.create').waitFor();
  },
  async options({ ann }) {
    await ann.page.getByText(ann.words('options.heading')).click();
    await ann.page.getByRole('combobox', { name: ann.words('options.history') }).waitFor();
  },
  async 'settings-outside'({ ann }) {
    await ann.button('settings.heading').click();
    await ann.page.getByRole('dialog', { name: ann.words('settings.heading') }).waitFor();
  },
  async 'wrong-name'({ ann }) {
    await ann.button('action.close').click();
    await ann.nick.fill('Ann:');
    await ann.button('landing.create').click();
    await ann.reads('nick.colon');
  },
  async 'wrong-token'({ ann }) {
    await ann.nick.fill('Ann');
    await ann.page.getByRole('textbox', { name: ann.words('landing.token_label') }).fill(MISTYPED);
    await ann.button('landing.join').click();
    await ann.reads('token.checksum');
  },
  async invited({ ann }) {
    // From elsewhere: else it would be the same page with another fragment.
    await ann.page.goto('about:blank');
    await ann.page.goto(`${ann.url}/#${LOST}`);
    await ann.reads('landing.invited_heading');
  },
  async 'no-room'({ ann }) {
    await ann.nick.fill('Ann');
    await ann.button('landing.join_invited').click();
    await ann.button('landing.open_again').waitFor();
  },
  async alone({ ann }) {
    await ann.button('landing.other_way').click();
    await ann.button('landing.create').click();
    await ann.live();
    await ann.reads('share.alone');
  },
  async farewell({ ann }) {
    await ann.button('room.leave').click();
    await ann.page.getByRole('dialog', { name: ann.words('farewell.heading') }).waitFor();
  },
  async qr({ ann }) {
    await ann.button('farewell.stay').click();
    await ann.button('share.show_qr').click();
    await ann.page.getByRole('img', { name: ann.words('share.qr') }).filter({ visible: true }).waitFor();
  },
  async sharing({ ann }) {
    await ann.page.getByText(ann.words('share.more')).filter({ visible: true }).click();
    await ann.reads('share.reveals_token');
  },
  async talk(way) {
    const { ann } = way;
    await way.othersCome();
    await ann.say('Hello, both of you! :wave:');
    await ann.say('This stands below it.');
    await way.bob.hears('This stands below it.');
    await way.bob.say(MARKED);
    await ann.hears('for @Carla');
    way.carla.say('שלום, from the terminal');
    await ann.hears('from the terminal');
    await ann.say('/me nods to @Bob');
    await way.bob.hears('nods to @Bob');
    await way.bob.message.pressSequentially('hm');
    await ann.reads('typing.one', { a: 'Bob' });
  },
  async 'scrolled-back'({ ann, carla }) {
    for (let number = 1; number <= 20; number += 1) carla.say(`line ${number}`);
    await ann.hears('line 20');
    await ann.page.locator('.scroller').evaluate(async (area) => {
      area.scrollTop = 0;
      // The page hears of it before it draws.
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    });
    carla.say('below');
    await ann.button('room.jump_new', { count: 1 }).waitFor();
  },
  async people({ ann }) {
    await ann.button('room.jump_new', { count: 1 }).click();
    await ann.say('/who');
    await ann.page.getByRole('heading', { name: ann.words('people.heading', { count: 3 }) }).waitFor();
  },
  async codes({ ann }) {
    await ann.page.getByText(ann.words('codes.summary')).click();
    await ann.reads('codes.people_explain');
  },
  async 'wrong-new-name'({ ann }) {
    await ann.button('people.rename').click();
    await ann.page.getByLabel(ann.words('people.rename_label')).fill('Ann\u202e');
    await ann.button('people.rename_save').click();
    await ann.reads('nick.bidi');
  },
  async help({ ann }) {
    // Out of the form, then out of the panel.
    await ann.page.keyboard.press('Escape');
    await ann.page.keyboard.press('Escape');
    await ann.say('/help');
    await ann.page.getByRole('dialog', { name: ann.words('command.heading') }).waitFor();
  },
  async 'settings-inside'({ ann }) {
    await ann.button('action.close').click();
    await ann.button('settings.heading').click();
    await ann.page.getByRole('dialog', { name: ann.words('settings.heading') }).waitFor();
  },
  async 'wrong-command'({ ann }) {
    await ann.button('action.close').click();
    assert.ok(await isFocused(ann.button('settings.heading')));
    await ann.say('/shrug');
    await ann.reads('command.unknown', { name: 'shrug' });
  },
  async lost({ ann, proxy }) {
    proxy.refuse();
    proxy.cut();
    await ann.state(['waiting']);
    await ann.say('This waits.');
    await ann.reads('message.waiting');
    await ann.page.getByRole('timer').filter({ hasText: /\d/ }).waitFor();
  },
  async back({ ann, bob, proxy }) {
    proxy.heal();
    await ann.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await ann.live();
    await bob.hears('This waits.');
    await ann.hears('This waits.');
  },
  async replaced(way) {
    way.twin = await way.stage.twin(way.ann);
    await way.ann.reads('error.replaced');
  },
  async left({ ann, twin }) {
    await ann.button('action.use_here').click();
    await ann.live();
    await twin.page.close();
    await ann.button('room.leave').click();
    await ann.reads('error.left');
  },
};

/** Ann's way through the page, and those whom she meets: Bob at a page of his own, Carla at a terminal. */
export class Way {
  /**
   * @param {import('./stage.js').Stage} stage
   * @param {{size: {width: number, height: number}, theme: 'light' | 'dark', lang: 'en' | 'ru'}} look of Ann's page
   */
  static async begin(stage, { size, theme, lang }) {
    const way = new Way();
    way.stage = stage;
    way.proxy = await Proxy.open(stage.url);
    way.ann = await stage.window(size, { colorScheme: theme, locale: LOCALES[lang], reducedMotion: 'reduce' });
    way.ann.url = way.proxy.url;
    return way;
  }

  /** Goes through all states, and does `look` in each. */
  async walk(look) {
    for (const [state, come] of Object.entries(STATES)) {
      await come(this);
      await look(state);
    }
  }

  /** Bob and Carla come to where Ann is. */
  async othersCome() {
    const [, token] = (await this.ann.link()).split('#');
    this.carla = this.stage.terminal(token, 'Carla');
    this.bob = await this.stage.window();
    await this.bob.join(token, 'Bob');
    for (const nick of ['Bob', 'Carla']) await this.ann.reads('log.joined', { nick });
  }

  async end() {
    await this.ann.page.context().close();
    await this.bob?.page.context().close();
    await this.carla?.stop();
    await this.proxy.close();
  }
}
