//! The button by which one replies to a message. There is one, and it goes to the message that is pointed at or chosen by keys:
//! a button for each would be thousands of stops for who goes by keyboard, and be read out with each message.

import { quoteOf } from '../core/quote.js';
import { say } from '../text/say.js';
import { button } from './element.js';

/** Replies to any message of a log. */
export class Reply {
  #said = new WeakMap();
  #button = button('plain reply with-icon icon-reply', '', () => this.#reply());
  #log;
  #quote;
  #leave;

  /**
   * @param {HTMLElement} log
   * @param {(quote: string) => void} quote begins a reply
   * @param {() => void} leave goes back to where one writes
   */
  constructor(log, quote, leave) {
    this.#log = log;
    this.#quote = quote;
    this.#leave = leave;
    this.#button.title = say('message.reply');
    this.#button.ariaLabel = say('message.reply');
    this.#button.setAttribute('aria-describedby', 'reply-head reply-text');
    // It is no news wherever it goes.
    this.#button.setAttribute('aria-live', 'off');
    log.addEventListener('pointerover', ({ target }) => this.#point(target.closest('.message')));
    this.#button.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Learns what the message of this element says. */
  know(root, { nick, own, text }) {
    this.#said.set(root, { nick: own ? undefined : nick, text });
  }

  /** Makes sure that the button is somewhere: at the newest message, where it is nowhere. */
  prepare() {
    if (!this.#button.isConnected) this.#go(this.#newest);
  }

  /** Goes to the newest message, by keyboard. */
  enter() {
    this.#go(this.#newest);
    this.#button.focus();
  }

  get #newest() {
    return messageFrom(this.#log.lastElementChild, 'previousElementSibling');
  }

  #point(message) {
    // Who goes by keyboard is not led away by a mouse that lies there.
    if (!this.#button.matches(':focus-visible')) this.#go(message);
  }

  #go(message) {
    if (message === null || message === this.#button.parentElement) return;
    for (const id of ['reply-head', 'reply-text']) document.getElementById(id)?.removeAttribute('id');
    message.children[0].id = 'reply-head';
    message.children[1].id = 'reply-text';
    message.append(this.#button);
  }

  #reply() {
    const { text, nick } = this.#said.get(this.#button.parentElement);
    this.#quote(quoteOf(text, nick));
  }

  #key(event) {
    const side = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key];
    if (side === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    const next = side && messageFrom(this.#button.parentElement[side], side);
    if (next) {
      this.#go(next);
      this.#button.focus();
    } else if (event.key !== 'ArrowUp') this.#leave();
  }
}

/** The message at `element`, or the next one on that side of it, or `null`. */
function messageFrom(element, side) {
  let at = element;
  while (at !== null && !at.classList.contains('message')) at = at[side];
  return at;
}
