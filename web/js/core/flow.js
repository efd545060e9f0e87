//! How the log's entries stand one below the other: by the day, under one name, folded together.

import { dayOf } from './day.js';

/** Messages of one person within this time stand together under one name, in milliseconds. */
const TOGETHER_MS = 5 * 60_000;

/** So many lines in a row about who comes and goes stand by themselves; the next one folds them all. */
export const APART_MAX = 3;

/** What claims to be from later than this is no reason for another day, in milliseconds. */
const AHEAD_MS = 24 * 60 * 60_000;

/** The entries so far, as far as they matter to the next one. */
export class Flow {
  #last = null;
  #day = -Infinity;
  #foldable = 0;

  /** Begins anew: what comes next has nothing to do with what came before. */
  cut() {
    this.#last = null;
    this.#foldable = 0;
  }

  /**
   * Where the next entry stands.
   * @param {{ts?: number, offClock?: boolean, from?: number, nick?: string, code?: string, fold?: string}} entry a message is
   * `from` somebody; `fold` is what somebody does, in a line that may fold
   * @param {number} now
   * @returns {{begins: boolean, follows: boolean, folds: boolean}} whether it begins a day, stands under the name above it, and
   * folds together with the lines before it
   */
  place(entry, now) {
    const { ts, from, nick, fold } = entry;
    const begins = this.#begins(entry, now);
    if (begins) this.cut();
    const follows = this.#follows(entry);
    this.#last = from === undefined ? null : { from, nick, ts };
    this.#foldable = fold === undefined ? 0 : this.#foldable + 1;
    return { begins, follows, folds: this.#foldable > APART_MAX };
  }

  /** A sealed message's time is what its sender says: days only go on, however it jumps. */
  #begins({ ts, offClock = false }, now) {
    const day = dayOf(ts);
    if (offClock || ts > now + AHEAD_MS || !(day > this.#day)) return false;
    this.#day = day;
    return true;
  }

  #follows({ ts, offClock = false, from, nick, code }) {
    const last = this.#last;
    return last !== null && last.from === from && last.nick === nick && ts - last.ts < TOGETHER_MS && !offClock && code === undefined;
  }
}
