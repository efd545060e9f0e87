//! How a session introduces itself, at first and when it comes back (protocol, sections 4.1 and 4.3).

/** A room with less time than this isn't opened again: its `ttl_s` would be 0. */
const TTL_MIN_MS = 1000;

/** The first frame of each connection of a session. */
export class Hello {
  #token;
  #room;
  #key;
  #attempt;
  #create;
  #createKey;
  #opts;
  /** The newest `welcome` and one's own time then. */
  #welcome = null;
  #welcomedAt = 0;

  /**
   * @param {{token?: string, room?: string, key: string, attempt?: number, create?: boolean, createKey?: string, opts?: object}}
   * options `createKey` is the server's key, for opening the room where the server wants it; `attempt` is the last `try` that this key was shown with
   */
  constructor({ token, room, key, attempt = 0, create, createKey, opts }) {
    this.#token = token;
    this.#room = room;
    this.#key = key;
    this.#attempt = attempt;
    this.#create = create;
    this.#createKey = createKey;
    this.#opts = opts;
  }

  /** The last `try`. */
  get attempt() {
    return this.#attempt;
  }

  /** It was answered. */
  answered(welcome, now) {
    this.#welcome = welcome;
    this.#welcomedAt = now;
  }

  /** The frame, for somebody who was told of everything up to `last`. */
  frame(nick, last, now) {
    // Of two windows with one key the later one wins.
    this.#attempt = Math.max(this.#attempt + 1, now);
    const welcome = this.#welcome;
    return {
      t: 'hello', v: 1, token: this.#token, room: this.#room, key: this.#key, try: this.#attempt, nick, ...this.#wish(now),
      resume: welcome === null ? undefined : { inst: welcome.inst, last },
      agent: 'page',
    };
  }

  /** Whether a sealed room is to be opened where it isn't there, and how. */
  #wish(now) {
    if (this.#room === undefined) return {};
    if (this.#welcome === null) return { create: this.#create, create_key: this.#create && this.#createKey, opts: this.#opts };
    const { expires, max, history } = this.#welcome.room;
    const left = expires - (now + this.#welcome.now - this.#welcomedAt);
    if (left < TTL_MIN_MS) return {};
    return { create: true, create_key: this.#createKey, opts: { ttl_s: Math.floor(left / 1000), max: max || undefined, history } };
  }
}
