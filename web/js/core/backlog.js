//! What waits to be shown, and never more than can be shown.

/** Entries in their order; where there are too many the oldest go. */
export class Backlog {
  #max;
  #waiting = [];
  #hasLost = false;

  /** @param {number} max how many may wait */
  constructor(max) {
    this.#max = max;
  }

  /** The next entry, or `undefined`. */
  get next() {
    return this.#waiting[0];
  }

  /**
   * Adds an entry.
   * @param {{isFirstNew?: boolean}} entry
   */
  add(entry) {
    this.#waiting.push(entry);
    if (this.#waiting.length <= this.#max) return;
    this.#hasLost = true;
    const { isFirstNew } = this.#waiting.shift();
    // What is new begins with the oldest that is left.
    if (isFirstNew) this.next.isFirstNew = true;
  }

  /** Takes the next entry. */
  take() {
    return this.#waiting.shift();
  }

  /** Whether entries were lost before the next one, since this was asked last. */
  takeLoss() {
    const hasLost = this.#hasLost;
    this.#hasLost = false;
    return hasLost;
  }
}
