//! A sentence above the composer, with a button perhaps.

import { button, element } from './element.js';

/** What the person should know now. */
export class Notice {
  #text = element('p', { class: 'notice-text' });
  #place = element('div', { class: 'notice-action' });

  constructor() {
    this.root = element('div', { class: 'notice', role: 'alert', hidden: '' }, this.#text, this.#place);
  }

  /**
   * Shows `sentence`.
   * @param {string} sentence
   * @param {{label: string, press: () => void}} [action]
   */
  show(sentence, action) {
    this.root.hidden = false;
    this.#text.textContent = sentence;
    this.#place.replaceChildren(...(action ? [button('primary small', action.label, action.press)] : []));
  }

  /** Nothing is to be said. */
  clear() {
    this.root.hidden = true;
    this.#text.textContent = '';
    this.#place.replaceChildren();
  }
}
