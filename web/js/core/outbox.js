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

/** The outstanding sends, in their order, each as the bytes that go out. */
export class Outbox {
  #sends = new Map();

  /**
   * Takes a text.
   * @param {string} id unique in the session
   * @param {string} text
   * @param {number} sid the session that sends it
   * @param {{text: number, frame: number}} limits in bytes
   * @param {(id: string, text: string) => number} [frameSize] how long the frame gets that goes out in the end
   * @returns {string} the frame to transmit
   * @throws {SendError}
   */
  add(id, text, sid, limits, frameSize) {
    if (text.trim() === '') throw new SendError('blank');
    if (this.#sends.size >= OUTSTANDING_MAX) throw new SendError('busy');
    const checked = wellFormed(text);
    const size = checked.length > limits.frame ? checked.length : utf8Length(checked);
    if (size > limits.text) throw new SendError('too_big', { size, max: limits.text });
    const wire = encodeClientFrame({ t: 'send', id, text: checked });
    const whole = frameSize?.(id, checked) ?? utf8Length(wire);
    // Quotes, backslashes and control characters grow when they are written as JSON.
    if (whole > limits.frame) {
      throw new SendError('too_big', { size, max: Math.max(0, limits.frame - (whole - size)) });
    }
    this.#sends.set(id, { id, wire, sid });
    return wire;
  }

  /** What is outstanding, as frames in their order. */
  get wires() {
    return [...this.#sends.values()].map((send) => send.wire);
  }

  /** `id` was seen back from `sid`, or was acknowledged. Returns whether it was outstanding. */
  settle(id, sid) {
    return this.#sends.get(id)?.sid === sid && this.#sends.delete(id);
  }

  /** Gives up whatever was sent by another session than `sid`, and returns the ids. */
  giveUp(sid) {
    const ids = [...this.#sends.values()].filter((send) => send.sid !== sid).map((send) => send.id);
    for (const id of ids) this.#sends.delete(id);
    return ids;
  }
}
