//! Who is in the room, and what people were called at the time of an event.

/** The most names that are kept for people who are not in the list. */
const NAMES_MAX = 1024;

/** The list of people, which only events after `welcome` change (protocol, section 4.3). */
export class Roster {
  #people = new Map();
  #names = new Map();
  #count = 0;
  #seq = 0;

  /** Begins, or goes on, with the people who are there at `seq`. In another room the earlier names mean nobody. */
  reset(peers, seq, another) {
    // Who left meanwhile still has a name when that is told.
    if (another) this.#names.clear();
    else for (const { sid, nick } of this.#people.values()) this.#remember(sid, nick);
    this.#people = new Map(peers.map((peer) => [peer.sid, peer]));
    this.#count = this.#people.size;
    this.#seq = seq;
  }

  /** The people, in the order in which they came. */
  get people() {
    return [...this.#people.values()];
  }

  /** How many there are: more than the list holds in a room that only counts. */
  get count() {
    return this.#count;
  }

  /** In a room that only counts people, `n` of them are there. */
  setCount(n) {
    this.#count = n;
  }

  /** What `sid` is called now, or `null`. */
  nickOf(sid) {
    return this.#people.get(sid)?.nick ?? this.#names.get(sid) ?? null;
  }

  /** A message of `sid` names it. */
  named(sid, nick) {
    this.#remember(sid, nick);
  }

  /** `join` with `seq`. Returns whether the list changed. */
  joined(peer, seq) {
    this.#remember(peer.sid, peer.nick);
    if (seq <= this.#seq) return false;
    this.#people.set(peer.sid, peer);
    this.#count = this.#people.size;
    return true;
  }

  /** `leave` with `seq`. Returns what the person was called, and whether the list changed. */
  left(sid, seq) {
    const live = seq > this.#seq;
    const nick = (live ? this.nickOf(sid) : this.#names.get(sid)) ?? this.nickOf(sid);
    this.#names.delete(sid);
    const changed = live && this.#people.delete(sid);
    if (changed) this.#count = this.#people.size;
    return { nick, changed };
  }

  /** `profile` with `seq`. Returns what the person was called before (`null` where unknown), and whether the list changed. */
  renamed(sid, nick, seq) {
    // Before `welcome` the list holds later names than those that are replayed.
    const live = seq > this.#seq;
    const before = (live ? this.nickOf(sid) : this.#names.get(sid)) ?? null;
    this.#remember(sid, nick);
    const peer = this.#people.get(sid);
    if (!live || !peer) return { before, changed: false };
    this.#people.set(sid, { ...peer, nick });
    return { before, changed: true };
  }

  /** Somebody in the list is somewhere else. Returns whether the list changed. */
  moved(sid, is) {
    const peer = this.#people.get(sid);
    if (peer === undefined || (peer.is ?? 'here') === is) return false;
    this.#people.set(sid, { ...peer, is });
    return true;
  }

  #remember(sid, nick) {
    this.#names.delete(sid);
    this.#names.set(sid, nick);
    if (this.#names.size > NAMES_MAX) this.#names.delete(this.#names.keys().next().value);
  }
}
