//! Who is typing: what is said of oneself, and what is known of others. All times are milliseconds of one clock.

/** The server drops what comes more often than this. */
const SAY_AT_MOST_EVERY_MS = 1100;

/** While somebody types on, it is said again this often. */
const SAY_AGAIN_MS = 3000;

/** Somebody who hasn't touched a key for this long is typing no more. */
const IDLE_MS = 5000;

/** Somebody of whom nothing more is heard is shown this long. */
const SHOWN_MS = 8000;

/** The most people whose typing is kept in mind. */
const SHOWN_MAX = 64;

/** What the others are told of one's own typing. */
export class OwnTyping {
  #wanted = false;
  #said = false;
  #saidAt = -Infinity;
  #touchedAt = -Infinity;

  /** A key was touched (`on`), or the draft is gone. */
  touch(on, now) {
    this.#wanted = on;
    if (on) this.#touchedAt = now;
  }

  /** A message was sent: the others conclude from it that the typing is over. */
  sent() {
    this.#wanted = false;
    this.#said = false;
  }

  /** Nothing more is said. */
  stop() {
    this.sent();
    this.#saidAt = -Infinity;
  }

  /** When `due` has something to say next. */
  get deadline() {
    if (this.#wanted !== this.#said) return this.#saidAt + SAY_AT_MOST_EVERY_MS;
    if (!this.#said) return Infinity;
    const idleAt = this.#touchedAt + IDLE_MS;
    return this.#touchedAt > this.#saidAt ? Math.min(idleAt, this.#saidAt + SAY_AGAIN_MS) : idleAt;
  }

  /**
   * What to say now: `true` or `false`, or `null` for nothing.
   * @returns {boolean | null}
   */
  due(now) {
    if (this.#wanted && now >= this.#touchedAt + IDLE_MS) this.#wanted = false;
    const again = this.#wanted && this.#touchedAt > this.#saidAt && now >= this.#saidAt + SAY_AGAIN_MS;
    if (this.#wanted === this.#said && !again) return null;
    if (now < this.#saidAt + SAY_AT_MOST_EVERY_MS) return null;
    this.#said = this.#wanted;
    this.#saidAt = now;
    return this.#said;
  }
}

/** Which of the others are typing. */
export class OthersTyping {
  #until = new Map();

  /** The sids, the one that began first coming first. */
  get sids() {
    return [...this.#until.keys()];
  }

  /** When `expire` has something to do next. */
  get deadline() {
    return Math.min(...this.#until.values());
  }

  /** Somebody types, or doesn't any more. Returns whether the list changed. */
  set(sid, on, now) {
    if (!on) return this.#until.delete(sid);
    const isNew = !this.#until.has(sid);
    if (isNew && this.#until.size >= SHOWN_MAX) return false;
    this.#until.set(sid, now + SHOWN_MS);
    return isNew;
  }

  /** Forgets those of whom nothing was heard for long. Returns whether the list changed. */
  expire(now) {
    let changed = false;
    for (const [sid, until] of this.#until) {
      if (now >= until) changed = this.#until.delete(sid) || changed;
    }
    return changed;
  }

  /** Forgets all. */
  clear() {
    this.#until.clear();
  }
}
