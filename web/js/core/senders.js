//! Who has sent, and how much: so that nothing is taken twice, and what is missing is seen.

/** How many senders are remembered; the one that was heard the longest ago is forgotten first. */
const SENDERS = 4096;

/** What is known of each sender. */
export class Senders {
  #known = new Map();

  /** Something was lost that everybody is told of: numbers may jump once. */
  interrupt() {
    for (const sender of this.#known.values()) sender.mayJump = true;
  }

  /** The key that was derived for a sender, or `undefined`. */
  keyOf(name) {
    return this.#known.get(name)?.key;
  }

  /**
   * Counts a message that is its sender's.
   * @returns {number | null} how many are missing before it, or `null` for one that was seen
   */
  count(name, key, n) {
    const sender = this.#heard(name, key);
    if (sender.next !== null && n < sender.next) return null;
    const missing = sender.next === null || sender.mayJump ? 0 : n - sender.next;
    sender.next = n + 1;
    sender.mayJump = false;
    return missing;
  }

  /** Whether a profile that is its sender's is news. */
  isNewer(name, key, n) {
    const sender = this.#heard(name, key);
    if (sender.profile !== null && n <= sender.profile) return false;
    sender.profile = n;
    return true;
  }

  #heard(name, key) {
    const sender = this.#known.get(name) ?? { key, next: null, mayJump: false, profile: null };
    this.#known.delete(name);
    this.#known.set(name, sender);
    if (this.#known.size > SENDERS) this.#known.delete(this.#known.keys().next().value);
    return sender;
  }
}
