//! A line of the log that nobody said: what people do, what is missing, which day it is, what is new.

import { dateAndTime, dayInWords, machineTime } from '../text/moment.js';
import { say } from '../text/say.js';
import { element } from './element.js';
import { timeElement } from './message.js';

/**
 * A line of the room's own.
 * @param {string} kind `event` for what people do, `warning` for what is missing
 * @param {string | (Node | string)[]} sentence
 * @param {number} [ts]
 * @returns {HTMLElement}
 */
export function lineElement(kind, sentence, ts) {
  const line = element('p', { class: `line ${kind}` }, ...[sentence].flat());
  if (ts !== undefined) line.append(' ', timeElement('line-time', ts));
  return line;
}

/** Where a day begins. */
export class DayLine {
  #ts;
  #time;

  /** @param {number} ts any time of that day */
  constructor(ts) {
    this.#ts = ts;
    this.#time = element('time', { datetime: machineTime(ts), title: dateAndTime(ts) });
    // What it says changes at midnight, and is no news then.
    this.root = element('p', { class: 'divider', 'aria-live': 'off' }, this.#time);
  }

  /** Says which day it is, at the time `now`. */
  say(now) {
    const words = dayInWords(this.#ts, now);
    if (this.#time.textContent !== words) this.#time.textContent = words;
  }
}

/** Where begins what the person hasn't seen. */
export function newMark() {
  return element('p', { class: 'divider new', 'aria-live': 'off' }, element('span', {}, say('log.new')));
}
