//! How long a room still lives, and when that is to be said.

const MINUTE_MS = 60_000;

/** At so many minutes it is said to those who don't look. */
const SAID_AT = [1, 5, 10];

/** The time that is left of one room. */
export class Lifetime {
  #expires = 0;
  /** The least of `SAID_AT` that was passed. */
  #said = Infinity;

  /** The room ends at `expires`, by the same clock as `at`. Each connection knows it anew. */
  set(expires) {
    // Another room, opened with the same token.
    if (expires > this.#expires + MINUTE_MS) this.#said = Infinity;
    this.#expires = expires;
  }

  /** When it ends. */
  get expires() {
    return this.#expires;
  }

  /**
   * How it is at `now`.
   * @param {number} now
   * @returns {{hours: number, minutes: number, isOver: boolean, isSoon: boolean, isToBeSaid: boolean, nextMs: number}} what is
   * left, in minutes that have begun, of the last one 0 when it has; whether it is to be said now, as it is once at each of the
   * last minutes; and in how many milliseconds to look again
   */
  at(now) {
    const left = Math.max(0, this.#expires - now);
    // Timers are a little late: the minute that was waited for is still said.
    const seconds = Math.ceil(left / 1000);
    const minutes = seconds < 60 ? 0 : Math.ceil(seconds / 60);
    const passed = SAID_AT.find((mark) => minutes <= mark) ?? Infinity;
    const isToBeSaid = left > 0 && passed < this.#said;
    this.#said = Math.min(this.#said, passed);
    return {
      hours: Math.floor(minutes / 60),
      minutes: minutes % 60,
      isOver: left === 0,
      isSoon: passed < Infinity,
      isToBeSaid,
      nextMs: (left % MINUTE_MS) + 1,
    };
  }
}
