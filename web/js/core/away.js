//! Whether the person looks elsewhere, and what the others were told of it. All times are milliseconds of one clock.

/** Who doesn't see the page for this long is away. */
const AWAY_AFTER_MS = 30_000;

/** What the others are told of one's own attention. Of each connection they think at first that one is here. */
export class OwnAway {
  #is = false;
  #told = false;
  #awayAt = Infinity;

  /** When `expire` has something to do next. */
  get deadline() {
    return this.#awayAt;
  }

  /** The person is away, or here. */
  set(on) {
    this.#is = on;
    this.#awayAt = Infinity;
  }

  /** The page came into sight, or went out of it. */
  seen(visible, now) {
    if (visible) this.set(false);
    else this.#awayAt = Math.min(this.#awayAt, now + AWAY_AFTER_MS);
  }

  /** Time has passed. */
  expire(now) {
    if (now >= this.#awayAt) this.set(true);
  }

  /** Another connection begins. */
  begin() {
    this.#told = false;
  }

  /**
   * What to say now: `true` or `false`, or `null` for nothing.
   * @returns {boolean | null}
   */
  due() {
    if (this.#is === this.#told) return null;
    this.#told = this.#is;
    return this.#is;
  }
}
