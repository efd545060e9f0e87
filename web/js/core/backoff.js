//! When to try again (protocol, section 4.3).

/** The longest first delay; each one after it is twice as long, in milliseconds. */
const FIRST_MS = 500;

/** The longest delay of all, in milliseconds. */
const LONGEST_MS = 30_000;

/** The most that a server may ask for on top, in milliseconds. */
const ASKED_MAX_MS = 300_000;

/** The growing delays between attempts, with full jitter: many who lost one server don't come back at one moment. */
export class Backoff {
  #jitter;
  #attempts = 0;

  /** @param {() => number} jitter fractions from 0 to below 1 */
  constructor(jitter) {
    this.#jitter = jitter;
  }

  /** An attempt succeeded. */
  reset() {
    this.#attempts = 0;
  }

  /** How long to wait now; `askedMs` is what the server asked for. */
  next(askedMs = 0) {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.floor(this.#jitter() * longest) + Math.min(askedMs, ASKED_MAX_MS);
  }
}
