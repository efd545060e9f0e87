//! A real server, a real browser, and the terminal client, for the tests in this folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import en from '../../js/text/en.js';
import ru from '../../js/text/ru.js';

const SCREENSHOTS = fileURLToPath(new URL('../screenshots/', import.meta.url));

/** Only what a test looks at may leave the machine: the browser's own calls home are off. */
export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    // A name in a network without HTTPS, as a browser sees one: 127.0.0.1 itself may do everything.
    '--host-resolver-rules=MAP chat.lan 127.0.0.1',
  ],
};

/** The sizes that the page is looked at: a phone's and a desk's. */
export const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

const LANGUAGES = { en, ru };

/** A sentence of the page as it is read; in place of elements it is given what they say. */
export function say(lang, key, values = {}) {
  const sentence = LANGUAGES[lang][key];
  if (sentence === undefined) throw new RangeError(key);
  return [typeof sentence === 'function' ? sentence(values) : sentence].flat().join('');
}

/** Whether an element has the focus, or gets it: a dialog that closes gives it back a moment later. */
export async function isFocused(locator) {
  const has = (element) => element === document.activeElement;
  return locator.page().waitForFunction(has, await locator.elementHandle(), { timeout: 5000 }).then(() => true, () => false);
}

/** A binary that the test run has built. */
function binary(name) {
  const path = process.env[name];
  if (path === undefined) throw new Error(`${name} must name a program: run the tests by cargo xtask test web`);
  return path;
}

/** A program whose lines of output are waited for. */
class Program {
  #waiting = [];
  lines = [];
  /** All that a server says of itself, which is all that it can. */
  log = '';

  constructor(name, args) {
    const logs = name === 'CHAT_SERVER_BIN';
    const words = logs ? [...args, '--log-level', 'trace'] : args;
    this.child = spawn(binary(name), words, { stdio: ['pipe', 'pipe', logs ? 'pipe' : 'inherit'] });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => { this.log += text; });
    this.gone = new Promise((resolve) => this.child.once('exit', resolve));
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.#waiting = this.#waiting.filter((wait) => !wait());
    });
  }

  /** The first line that fits, of those that came or will come. */
  line(fits) {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.lines.find(fits);
        if (found === undefined) return false;
        resolve(found);
        return true;
      };
      if (!look()) this.#waiting.push(look);
    });
  }

  say(text) {
    this.child.stdin.write(`${text}\n`);
  }

  async stop() {
    this.child.kill();
    await this.gone;
  }
}

/** A server and a browser, for all tests of a file. */
export class Stage {
  #programs = [];
  windows = [];
  /** What no test may see: errors of the page, in its console, and of its policy. */
  complaints = [];

  static async open(...flags) {
    const stage = new Stage();
    const server = stage.run('CHAT_SERVER_BIN', '--listen', '127.0.0.1:0', '--exempt-loopback', ...flags);
    const line = await server.line((text) => text.includes('://'));
    stage.url = /https?:\/\/[\d.:]+/.exec(line)[0];
    stage.server = server;
    stage.browser = await chromium.launch(BROWSER);
    await mkdir(SCREENSHOTS, { recursive: true });
    return stage;
  }

  run(name, ...args) {
    const program = new Program(name, args);
    this.#programs.push(program);
    return program;
  }

  /** The terminal client as a member of a room. */
  terminal(token, nick) {
    return this.run('CHAT_CLI_BIN', 'join', '--server', this.url, token, nick, '--json');
  }

  /** A window of its own, with a store of its own. */
  async window(size = SIZES.desk, options = {}) {
    const context = await this.browser.newContext({ viewport: size, ...options });
    return this.#watch(await context.newPage(), options.locale?.startsWith('ru') ? 'ru' : 'en');
  }

  /** Another window of the same person, with the same stay, as a browser makes it of a tab that is duplicated. */
  async twin(window) {
    const kept = await window.page.evaluate(() => JSON.stringify(sessionStorage));
    const page = await window.page.context().newPage();
    await page.addInitScript((items) => {
      for (const [name, value] of Object.entries(JSON.parse(items))) sessionStorage.setItem(name, value);
    }, kept);
    const twin = await this.#watch(page, window.lang);
    await page.goto(this.url);
    await twin.live();
    return twin;
  }

  /** What the browser itself says of connections that a test breaks is no fault of the page's. */
  get faults() {
    return this.complaints.filter((complaint) => !/WebSocket connection to|net::ERR_/.test(complaint));
  }

  async #watch(page, lang) {
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`console: ${message.text()}`);
    });
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    }));
    const window = new Window(page, this.url, lang);
    this.windows.push(window);
    return window;
  }

  async close() {
    await this.browser.close();
    await Promise.all(this.#programs.map((program) => program.stop()));
    for (const { log } of this.#programs) {
      for (const secret of SECRETS) {
        const line = log.split('\n').find((text) => tells(text, secret));
        assert.equal(line, undefined, `a server's log tells ${secret}`);
      }
    }
  }
}

/** Tokens, nicknames and texts of this file's tests: whatever is said to a server, its log is not to tell. */
const SECRETS = new Set();

/** Whether a line holds it, and not only as a part of a longer word. */
function tells(line, secret) {
  return line.split(secret).some((before, n, parts) => {
    const after = parts[n + 1];
    return after !== undefined && !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
  });
}

/** The page, as a person uses it. */
export class Window {
  /** @param {string} lang the language that the page speaks */
  constructor(page, url, lang = 'en') {
    this.page = page;
    this.url = url;
    this.lang = lang;
    this.nick = page.getByLabel(this.words('landing.nick_label'));
    this.message = page.getByRole('textbox', { name: this.words('composer.label') });
  }

  /** A sentence of the page, by its code. */
  words(key, values) {
    return say(this.lang, key, values);
  }

  /** A button that can be seen, by the code of what it says. */
  button(key, values) {
    return this.page.getByRole('button', { name: this.words(key, values), exact: true }).filter({ visible: true });
  }

  /** Waits for a sentence, by its code. */
  reads(key, values) {
    return this.sees(this.words(key, values));
  }

  async openRoom(nick, { plain = false } = {}) {
    await this.page.goto(this.url);
    if (plain) {
      await this.page.getByText(this.words('options.heading')).click();
      await this.page.getByLabel(this.words('options.plain'), { exact: true }).check();
    }
    await this.nick.fill(nick);
    await this.button('landing.create').click();
    await this.live();
    const token = (await this.link()).split('#')[1];
    SECRETS.add(nick).add(token);
    return token;
  }

  async followLink(token, nick) {
    SECRETS.add(nick).add(token);
    await this.page.goto(`${this.url}/#${token}`);
    await this.nick.fill(nick);
    await this.page.keyboard.press('Enter');
  }

  async join(token, nick) {
    await this.followLink(token, nick);
    await this.live();
  }

  /** Waits until one is in. */
  live() {
    return this.state(['live']);
  }

  /** Waits until the connection is in one of these states. */
  state(states) {
    return this.page.locator(states.map((state) => `.room[data-state="${state}"]`).join()).waitFor();
  }

  /** The link that would be copied. */
  link() {
    return this.page.getByLabel(this.words('share.label')).first().inputValue();
  }

  async say(text) {
    // What is shorter may be a word of the log's own.
    if (text.length > 8) SECRETS.add(text);
    await this.message.fill(text);
    // There, wherever the focus went meanwhile.
    await this.message.press('Enter');
  }

  /** Waits for a message in the log, by its whole text. */
  hears(text) {
    return this.page.locator('.log .message-text').filter({ hasText: text }).first().waitFor();
  }

  /** Waits for any text in the page that can be seen. */
  sees(text) {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** All messages in the log, in its order. */
  messages() {
    return this.page.locator('.log .message-text').allInnerTexts();
  }

  /** Waits until the clipboard holds what fits, and gives it: as it is pasted elsewhere, since the page itself may not read it. */
  async copied(fits) {
    const pad = await this.page.context().newPage();
    try {
      await pad.setContent('<textarea></textarea>');
      const text = pad.locator('textarea');
      for (let tries = 0; tries < 100; tries += 1) {
        await text.fill('');
        await text.press('ControlOrMeta+V');
        const found = await text.inputValue();
        if (fits(found)) return found;
      }
      throw new Error('the clipboard holds something else');
    } finally {
      await pad.close();
      await this.page.bringToFront();
    }
  }

  screenshot(name) {
    return this.page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
  }
}
