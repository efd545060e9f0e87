//! Calls back who looks elsewhere: by the title, the icon, a notification and a sound.

import { Attention } from './core/attention.js';
import { now } from './io/clock.js';
import { onLook } from './io/gaze.js';
import { Icon } from './io/icon.js';
import { closeNotification, notify, permission } from './io/notify.js';
import { chime } from './io/sound.js';
import { say } from './text/say.js';

/** A burst doesn't change the title with each message, in milliseconds. */
const SHOW_EVERY_MS = 250;

/** Of the page, one for all rooms. */
export class Caller {
  #attention = new Attention();
  #icon = new Icon();
  #choices;
  #title = '';
  #timer = null;

  /** @param {import('./io/preferences.js').Choices} choices as they are at the moment */
  constructor(choices) {
    this.#choices = choices;
    onLook((looks) => {
      if (looks) closeNotification();
      if (this.#attention.look(looks)) this.#show();
    });
  }

  /** What the page is called. */
  set title(title) {
    this.#title = title;
    this.#show();
  }

  /**
   * A message was told.
   * @param {{own: boolean, mentioned: boolean, replayed: boolean, nick: string, text: string}} message
   */
  message(message) {
    const mayNotify = this.#choices.notify && permission() === 'granted';
    const due = this.#attention.message(message, { ...this.#choices, notify: mayNotify }, now());
    if (due.counted) this.#timer ??= setTimeout(() => this.#show(), SHOW_EVERY_MS);
    if (due.sound) chime();
    if (due.notify) this.#notify(message);
  }

  /** What was written, and by whom, is shown outside of the page only where that was chosen. */
  #notify({ mentioned, nick, text }) {
    const what = say(mentioned ? 'attention.mentioned' : 'attention.message');
    const [title, body] = this.#choices.text ? [nick, text] : [what, ''];
    notify(title, { text: body, again: mentioned, icon: this.#icon.address });
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { unread, mentions } = this.#attention;
    document.title = unread === 0 ? this.#title : say('attention.title', { count: unread, mentions, title: this.#title });
    this.#icon.show(unread, mentions);
  }
}
