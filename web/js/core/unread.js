//! What the person hasn't seen yet, and where it begins.

/** Counts messages from when the page is hidden, or its end is out of sight, until both are there again. */
export class Unread {
  #isShown = true;
  #isAtEnd = true;
  #count = 0;
  /** Whether what the mark stands above was not seen since. */
  #isFresh = false;

  /** How many there are. */
  get count() {
    return this.#count;
  }

  /** Whether the page is there to be seen. */
  get isShown() {
    return this.#isShown;
  }

  /**
   * A message came.
   * @returns {boolean} whether the mark stands above it, and no longer where it stood
   */
  arrive() {
    if (this.#isShown && this.#isAtEnd) return false;
    this.#count += 1;
    const isFirst = !this.#isFresh;
    this.#isFresh = true;
    return isFirst;
  }

  /**
   * The page comes into sight, or goes out of it.
   * @returns {boolean} whether the mark has served its time
   */
  show(isShown) {
    this.#isShown = isShown;
    this.#look();
    return !isShown && !this.#isFresh;
  }

  /** The log's end comes into sight, or goes out of it. */
  reach(isAtEnd) {
    this.#isAtEnd = isAtEnd;
    this.#look();
  }

  /**
   * The person writes.
   * @returns {boolean} whether the mark has served its time
   */
  write() {
    return !this.#isFresh;
  }

  #look() {
    if (!this.#isShown || !this.#isAtEnd) return;
    this.#count = 0;
    this.#isFresh = false;
  }
}
