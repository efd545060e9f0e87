//! What was written on this visit, to be had again.

/** The most texts that are kept; the oldest go first. */
const TEXTS_MAX = 50;

/** Steps through what was written, newest first. */
export class Recall {
  #texts = [];
  /** Which one is shown; behind the newest there is nothing yet. */
  #at = 0;

  /** Keeps a text, once where it is written again and again. */
  add(text) {
    if (this.#texts.at(-1) !== text) this.#texts.push(text);
    if (this.#texts.length > TEXTS_MAX) this.#texts.shift();
    this.#at = this.#texts.length;
  }

  /**
   * The text beside the one that is shown.
   * @param {-1 | 1} by older or newer
   * @param {string} shown nothing, or the text of the step before: what was changed is not replaced
   * @returns {string | null} `null` where there is none
   */
  step(by, shown) {
    if (shown === '') this.#at = this.#texts.length;
    else if (shown !== this.#texts[this.#at]) return null;
    const at = this.#at + by;
    if (at < 0 || at > this.#texts.length) return null;
    this.#at = at;
    return this.#texts[at] ?? '';
  }
}
