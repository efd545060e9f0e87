//! Whether the connection still lives (protocol, section 4.3, heartbeat).

/** How long the way to `live` may take without anything arriving, in milliseconds. */
export const ENTER_MS = 15_000;

/** How long after a ping something must arrive, in milliseconds. */
export const ANSWER_MS = 10_000;

/** Says when to ping and when silence has lasted too long. All times are milliseconds of one clock. */
export class Heartbeat {
  /** 0 on the way in, where nobody pings. */
  #every = 0;
  #pingAt = Infinity;
  #lostAt = Infinity;
  #count = 0;

  /** The way in begins, or goes on. */
  enter(now) {
    this.#every = 0;
    this.#pingAt = Infinity;
    this.#lostAt = now + ENTER_MS;
  }

  /** The way in is over: from now on there is a ping after `everyMs` of silence. */
  start(everyMs, now) {
    // A server that says 0 must not be flooded.
    this.#every = Math.max(everyMs, 1000);
    this.#pingAt = now + this.#every;
    this.#lostAt = Infinity;
  }

  /** Ends. */
  stop() {
    this.#pingAt = Infinity;
    this.#lostAt = Infinity;
  }

  /** Something arrived. */
  heard(now) {
    if (this.#every === 0) this.enter(now);
    else this.start(this.#every, now);
  }

  /** When `due` has something to say next. */
  get deadline() {
    return Math.min(this.#pingAt, this.#lostAt);
  }

  /**
   * What is due.
   * @returns {{lost: true} | {ping: number} | null}
   */
  due(now) {
    if (now >= this.#lostAt) {
      this.stop();
      return { lost: true };
    }
    return now < this.#pingAt ? null : this.ask(now);
  }

  /**
   * Asks for a sign of life at once, unless one is being waited for.
   * @returns {{ping: number} | null}
   */
  ask(now) {
    if (this.#pingAt === Infinity) return null;
    this.#pingAt = Infinity;
    this.#lostAt = now + ANSWER_MS;
    this.#count += 1;
    return { ping: this.#count };
  }
}
