//! What was said and what happened, newest last.

import { tintOf } from '../core/tint.js';
import { dateAndTime, machineTime, timeOfDay } from '../text/moment.js';
import { say } from '../text/say.js';
import { element, nickElement } from './element.js';

/** The most lines on the screen; the oldest go first. */
export const LINES_MAX = 2000;

/** Messages of one person within this time stand together under one name, in milliseconds. */
const TOGETHER_MS = 5 * 60_000;

/** The log of a room. */
export class Log {
  #last = null;
  #trimmed = false;
  #words;

  /** @param {import('./words.js').Words} words */
  constructor(words) {
    this.#words = words;
    this.root = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': say('room.log_label') });
  }

  /**
   * Adds a message.
   * @param {{from: string, nick: string, code?: string, text: string, ts: number, offClock?: boolean, own: boolean}} message
   * `code` is the person code where the nick alone doesn't tell who it is
   */
  addMessage({ from, nick, code, text, ts, offClock = false, own }) {
    const follows = this.#last !== null && this.#last.from === from && this.#last.nick === nick
      && ts - this.#last.ts < TOGETHER_MS && !offClock && code === undefined;
    const name = own ? element('span', { class: 'message-nick' }, say('message.you')) : nickElement(nick);
    if (!own) name.classList.add('message-nick', `tint-${tintOf(nick)}`);
    const head = element('div', { class: follows ? 'message-head visually-hidden' : 'message-head' },
      name, ...(code === undefined ? [] : [' ', element('span', { class: 'person-code' }, code)]), ' ', element('time', { class: 'message-time', datetime: machineTime(ts), title: dateAndTime(ts) }, timeOfDay(ts)),
      ...(offClock ? [' ', element('span', { class: 'message-time' }, say('message.off_clock'))] : []));
    const body = this.#words.body(text, { title: dateAndTime(ts) });
    const kind = `message${own ? ' own' : ''}${follows ? ' follows' : ''}`;
    this.#add(element('div', { class: kind }, head, body));
    this.#last = { from, nick, ts };
  }

  /**
   * Adds a line of the room's own.
   * @param {string} kind `event` for what people do, `warning` for what is missing
   * @param {string | (Node | string)[]} sentence
   * @param {number} [ts]
   */
  addLine(kind, sentence, ts) {
    const line = element('p', { class: `line ${kind}` });
    line.append(...[sentence].flat());
    if (ts !== undefined) {
      line.append(' ', element('time', { class: 'line-time', datetime: machineTime(ts), title: dateAndTime(ts) }, timeOfDay(ts)));
    }
    this.#add(line);
    this.#last = null;
  }

  #add(line) {
    this.root.append(line);
    if (this.root.childElementCount <= LINES_MAX) return;
    if (!this.#trimmed) {
      this.#trimmed = true;
      this.root.prepend(element('p', { class: 'line event' }, say('log.trimmed')));
    }
    // The first line says that lines were taken off.
    while (this.root.childElementCount > LINES_MAX) this.root.children[1].remove();
  }
}
