//! What the person should know of the connection, and can do about it.

import { OF_THE_NICK } from '../core/closing.js';
import { now } from '../io/clock.js';
import { say, sayError } from '../text/say.js';
import { button } from './element.js';
import { NickForm } from './nick-form.js';
import { Notice } from './notice.js';

/** How often it is looked how long it still takes, in milliseconds. */
const TICK_MS = 250;

/** A connection that is made again sooner than this isn't worth a sentence, in milliseconds. */
const SHORT_MS = 1000;

/** What is said of a connection that is waited for, where it isn't simply lost. */
const WAITING = new Map([['restart', 'error.restart'], ['create_key', 'link.keyless']]);

/** After these nothing is left to come back to. */
const FINAL = new Set(['no_room', 'room_ended', 'spk_taken']);

/** The sentence above the composer that says how the connection is. */
export class Link {
  #notice;
  #timer = 0;
  #now;
  #start;
  #back;

  /**
   * @param {{wake: () => void, start: (nick?: string) => void, back: (code: string) => void, lost: () => void}} options trying
   * at once, going on after it was stopped, under another name perhaps, and going back to the start; `lost` as `Notice` has it
   */
  constructor({ wake, start, back, lost }) {
    this.#notice = new Notice(lost);
    this.#now = button('primary small', say('action.now'), wake);
    this.#start = start;
    this.#back = back;
    this.root = this.#notice.root;
  }

  /** There is a connection, or there will be none. */
  clear() {
    clearInterval(this.#timer);
    this.#notice.clear();
  }

  /** It was lost for the reason of `code`, and is tried again at `due`. */
  wait(code, due) {
    clearInterval(this.#timer);
    const tick = () => {
      const left = due - now();
      if (!navigator.onLine) this.#notice.show(say('link.offline'), this.#now);
      else if (left > SHORT_MS || !this.root.hidden) {
        this.#notice.show(say(WAITING.get(code) ?? 'error.connection_lost'), this.#now);
        this.#notice.showTime(say('link.again', { seconds: Math.max(1, Math.ceil(left / 1000)) }));
      }
    };
    this.#timer = setInterval(tick, TICK_MS);
    tick();
  }

  /** It is being tried. */
  connect() {
    clearInterval(this.#timer);
    if (!this.root.hidden) this.#notice.show(say('link.connecting'));
  }

  /** It isn't tried again by itself, for the reason of `code`. */
  stop(code, values, nick) {
    clearInterval(this.#timer);
    if (OF_THE_NICK.has(code)) {
      const form = new NickForm('other-nick', say('action.go_on'), this.#start);
      this.#notice.show(sayError('nick', code), form.root);
      form.open(nick);
      return;
    }
    const [label, press] = FINAL.has(code)
      ? ['action.back', () => this.#back(code)]
      : [code === 'replaced' ? 'action.use_here' : 'action.try_again', () => this.#start()];
    this.#notice.show(sayError('error', code, values), button('primary small', say(label), press));
  }
}
