//! Whether the connection still lives (protocol, section 4.3, heartbeat).

/** How long after a ping something must arrive, in milliseconds. */
export const ANSWER_MS = 10_000;

/** Says when to ping and when silence has lasted too long. All times are milliseconds of one clock. */
export class Heartbeat {
  #every = 0;
  #pingAt = Infinity;
  #answerBy = Infinity;
  #count = 0;

  /** Begins, with a ping every `everyMs`. */
  start(everyMs, now) {
    // A server that says 0 must not be flooded.
    this.#every = Math.max(everyMs, 1000);
    this.#pingAt = now + this.#every;
    this.#answerBy = Infinity;
  }

  /** Ends. */
  stop() {
    this.#pingAt = Infinity;
    this.#answerBy = Infinity;
  }

  /** Something arrived. */
  heard() {
    this.#answerBy = Infinity;
  }

  /** When `due` has something to say next. */
  get deadline() {
    return Math.min(this.#pingAt, this.#answerBy);
  }

  /**
   * What is due.
   * @returns {{lost: true} | {ping: number} | null}
   */
  due(now) {
    if (now >= this.#answerBy) {
      this.stop();
      return { lost: true };
    }
    if (now < this.#pingAt) return null;
    this.#pingAt = now + this.#every;
    this.#answerBy = Math.min(this.#answerBy, now + ANSWER_MS);
    this.#count += 1;
    return { ping: this.#count };
  }
}
