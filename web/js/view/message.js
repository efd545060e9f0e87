//! One message.

import { tintOf } from '../core/tint.js';
import { dateAndTime, machineTime, timeOfDay } from '../text/moment.js';
import { say } from '../text/say.js';
import { element, nickElement } from './element.js';

/**
 * A message: its head, and its body as `Words` makes it.
 * @param {{nick: string, code?: string, ts: number, offClock?: boolean, own: boolean}} message `code` is the person code where
 * the nick alone doesn't tell who it is
 * @param {boolean} follows whether it stands under the name above it
 * @param {HTMLElement} body
 * @returns {HTMLElement}
 */
export function messageElement({ nick, code, ts, offClock = false, own }, follows, body) {
  const name = own ? element('span', { class: 'message-nick' }, say('message.you')) : nickElement(nick);
  if (!own) name.classList.add('message-nick', `tint-${tintOf(nick)}`);
  const head = element('div', { class: follows ? 'message-head visually-hidden' : 'message-head' }, name);
  if (code !== undefined) head.append(' ', element('span', { class: 'person-code' }, code));
  head.append(' ', timeElement('message-time', ts));
  if (offClock) head.append(' ', element('span', { class: 'message-time' }, say('message.off_clock')));
  body.title = dateAndTime(ts);
  return element('div', { class: `message${own ? ' own' : ''}${follows ? ' follows' : ''}` }, head, body);
}

/** The time of day of something, which says its date as well to whoever asks. */
export function timeElement(kind, ts) {
  return element('time', { class: kind, datetime: machineTime(ts), title: dateAndTime(ts) }, timeOfDay(ts));
}
