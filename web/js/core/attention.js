//! Who looks elsewhere has something to come back for: what is counted, and when to notify and to sound.

/** So that a burst isn't many notifications, in milliseconds. */
const NOTIFY_EVERY_MS = 2000;

/** And not many sounds. */
const SOUND_EVERY_MS = 2000;

/** What is done about a message. */
const NOTHING = { counted: false, notify: false, sound: false };

/** Counts what was not seen. All times are milliseconds of one clock. */
export class Attention {
  #looks = true;
  #unread = 0;
  #mentions = 0;
  #notifiedAt = -Infinity;
  #soundedAt = -Infinity;
  /** Whether what was notified last was a mention. */
  #called = false;

  /** How many messages of others came since the person looked last. */
  get unread() {
    return this.#unread;
  }

  /** How many of them mention the person. */
  get mentions() {
    return this.#mentions;
  }

  /**
   * The person looks at the page, or elsewhere.
   * @returns {boolean} whether there was something new to see
   */
  look(looks) {
    this.#looks = looks;
    if (!looks || this.#unread === 0) return false;
    this.#unread = 0;
    this.#mentions = 0;
    this.#notifiedAt = -Infinity;
    this.#called = false;
    return true;
  }

  /**
   * A message was told.
   * @param {{own: boolean, mentioned: boolean, replayed: boolean}} message `replayed` is what was said before the person came in
   * @param {{notify: boolean, sound: 'off' | 'mentions' | 'all'}} choices
   * @param {number} now
   * @returns {{counted: boolean, notify: boolean, sound: boolean}} what is to be done about it
   */
  message({ own, mentioned, replayed }, choices, now) {
    if (own || replayed || this.#looks) return NOTHING;
    this.#unread += 1;
    if (mentioned) this.#mentions += 1;
    return {
      counted: true,
      notify: choices.notify && this.#mayNotify(mentioned, now),
      sound: (choices.sound === 'all' || (choices.sound === 'mentions' && mentioned)) && this.#maySound(now),
    };
  }

  /** A mention waits for no other message, only for a mention. */
  #mayNotify(mentioned, now) {
    if (now - this.#notifiedAt < NOTIFY_EVERY_MS && (this.#called || !mentioned)) return false;
    this.#notifiedAt = now;
    this.#called = mentioned;
    return true;
  }

  #maySound(now) {
    if (now - this.#soundedAt < SOUND_EVERY_MS) return false;
    this.#soundedAt = now;
    return true;
  }
}
