//! Many lines about who comes and goes, as one that opens.

import { say } from '../text/say.js';
import { button, element } from './element.js';

/** The most lines that are kept; the oldest go first. */
const LINES_MAX = 100;

/** A row of the log in place of several. */
export class Fold {
  #counts = { joined: 0, left: 0, renamed: 0 };
  #lines = element('div', { class: 'fold-lines', hidden: '' });
  #summary = button('plain small fold-summary with-icon icon-unfold', '', () => this.#toggle());
  #size = 0;

  /** @param {{root: HTMLElement, fold: string}[]} rows which it takes the place of */
  constructor(rows) {
    // The lines were read when they came, or are too many to be.
    this.root = element('div', { class: 'fold', 'aria-live': 'off' }, this.#summary, this.#lines);
    this.#summary.setAttribute('aria-expanded', 'false');
    rows[0].root.replaceWith(this.root);
    for (const { fold, root } of rows) this.#take(fold, root);
  }

  /** How many lines it holds. */
  get size() {
    return this.#size;
  }

  /**
   * Takes a line in.
   * @param {'joined' | 'left' | 'renamed'} fold what somebody does
   * @param {HTMLElement} line
   */
  add(fold, line) {
    this.#take(fold, line);
    this.#summary.textContent = say('log.fold', this.#counts);
  }

  #take(fold, line) {
    this.#counts[fold] += 1;
    this.#lines.append(line);
    if (this.#size < LINES_MAX) this.#size += 1;
    else this.#lines.firstChild.remove();
  }

  #toggle() {
    this.#lines.hidden = !this.#lines.hidden;
    this.#summary.setAttribute('aria-expanded', String(!this.#lines.hidden));
  }
}
