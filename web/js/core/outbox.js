//! What was sent and not yet seen back.

import { encodeClientFrame, utf8Length, wellFormed } from './frames.js';

/** The most sends that are outstanding (protocol, section 4.1). */
export const OUTSTANDING_MAX = 64;

/**
 * Why a text can't be sent. `code` is `blank`, `too_big` (with `size` and `max` in bytes), `busy` or `not_connected`.
 */
export class SendError extends Error {
  /** @param {string} code @param {object} [details] */
  constructor(code, details = {}) {
    super(code);
    this.name = 'SendError';
    this.code = code;
    Object.assign(this, details);
  }
}

/**
 * The outstanding sends, in their order, each as the bytes that go out. A seat is one `sid` in one room instance, as a
 * name: under which of them a send went out last decides who can have answered it.
 */
export class Outbox {
  #sends = new Map();
  #count = 0;
  #prefix;

  /** @param {string} [prefix] what the ids begin with */
  constructor(prefix = 'm') {
    this.#prefix = prefix;
  }

  /** How many they are. */
  get size() {
    return this.#sends.size;
  }

  /**
   * Takes a text.
   * @param {string} text
   * @param {{text: number, frame: number}} limits in bytes
   * @param {(id: string, text: string) => number} [frameSize] how long the frame gets that goes out in the end
   * @returns {string} the id, unique for ever
   * @throws {SendError}
   */
  add(text, limits, frameSize) {
    if (text.trim() === '') throw new SendError('blank');
    if (this.#sends.size >= OUTSTANDING_MAX) throw new SendError('busy');
    const checked = wellFormed(text);
    const size = checked.length > limits.frame ? checked.length : utf8Length(checked);
    if (size > limits.text) throw new SendError('too_big', { size, max: limits.text });
    const id = `${this.#prefix}${this.#count + 1}`;
    const wire = encodeClientFrame({ t: 'send', id, text: checked });
    const whole = frameSize?.(id, checked) ?? utf8Length(wire);
    // Quotes, backslashes and control characters grow when they are written as JSON.
    if (whole > limits.frame) {
      throw new SendError('too_big', { size, max: Math.max(0, limits.frame - (whole - size)) });
    }
    this.#count += 1;
    this.#sends.set(id, { wire, seat: null });
    return id;
  }

  /** What is outstanding, as frames in their order; they go out from `seat`. `only` is the id of the one that does. */
  wires(seat, only) {
    const sends = only === undefined ? [...this.#sends.values()] : [this.#sends.get(only)];
    for (const send of sends) send.seat = seat;
    return sends.map((send) => send.wire);
  }

  /** Whether `id` was outstanding, which it is no more. */
  settle(id) {
    return this.#sends.delete(id);
  }

  /** `id` was seen as sent from `seat`: settles it where it was sent from there. */
  seen(id, seat) {
    return this.#sends.get(id)?.seat === seat && this.settle(id);
  }

  /** Takes out what went out from another seat, or with no `seat` everything, and returns the ids. */
  takeOut(seat) {
    const ids = [...this.#sends].filter(([, send]) => seat === undefined || ![null, seat].includes(send.seat)).map(([id]) => id);
    for (const id of ids) this.#sends.delete(id);
    return ids;
  }
}
