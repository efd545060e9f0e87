//! How the words of a room look: who is in it decides what a mention is.

import { parse } from '../core/markup.js';
import { mentionsOf, mentionsOwn } from '../core/mentions.js';
import { element } from './element.js';
import { markupElements } from './markup.js';

/** The words of a room. */
export class Words {
  #others = [];
  #mentioned = mentionsOf([]);

  /**
   * Learns who is here; what stands in the log already stays as it is.
   * @param {string[]} others
   * @param {string} own
   */
  know(others, own) {
    this.#others = others;
    this.#mentioned = mentionsOf(others, own);
  }

  /** What the others are called. */
  get others() {
    return this.#others;
  }

  /** Whether a text speaks to the person. */
  callsOwn(text) {
    return text.includes('@') && mentionsOwn(parse(text, this.#mentioned));
  }

  /**
   * The body of a message.
   * @param {string} text
   * @param {Record<string, string>} [attributes]
   * @returns {HTMLElement}
   */
  body(text, attributes = {}) {
    return element('div', { class: 'message-text', ...attributes }, ...markupElements(parse(text, this.#mentioned)));
  }
}
