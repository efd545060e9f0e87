//! A sentence above the composer, with something to do about it perhaps.

import { element } from './element.js';

/** What the person should know now. */
export class Notice {
  #text = element('span');
  /** What changes each second isn't read out each second. */
  #time = element('span', { role: 'timer', 'aria-live': 'off' });
  #place = element('div', { class: 'notice-action' });
  #lost;

  /** @param {() => void} lost leads the focus on, from a control that goes */
  constructor(lost) {
    this.#lost = lost;
    this.root = element('div', { class: 'notice', role: 'alert', hidden: '' },
      element('p', { class: 'notice-text' }, this.#text, ' ', this.#time), this.#place);
  }

  /**
   * Shows `sentence`, and below it a control.
   * @param {string} sentence
   * @param {Node} [control]
   */
  show(sentence, control) {
    this.root.hidden = false;
    if (this.#text.textContent !== sentence) this.#text.textContent = sentence;
    this.#time.textContent = '';
    // A control that stays keeps the focus.
    if (this.#place.firstChild === (control ?? null)) return;
    const isLost = this.#place.contains(document.activeElement);
    this.#place.replaceChildren(...(control ? [control] : []));
    if (isLost) this.#lost();
  }

  /** Says how long it still takes. */
  showTime(sentence) {
    this.#time.textContent = sentence;
  }

  /** Nothing is to be said. */
  clear() {
    this.show('');
    this.root.hidden = true;
  }
}
