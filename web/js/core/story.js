//! What goes on in the room, told once and in order: who is there, what they say, who types.

import { Roster } from './roster.js';
import { OthersTyping } from './typing.js';

/** Turns the frames of one stay, over all its connections, into events for the person. */
export class Story {
  #tell;
  #inst = null;
  #sid = null;
  /** One's own in this instance of the room: each time that one was forgotten there is another. */
  #sids = new Set();
  #last = 0;
  #roster = new Roster();
  #typing = new OthersTyping();

  /** @param {(type: string, details: object) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** The newest `seq` that was told. */
  get last() {
    return this.#last;
  }

  /** When `expire` has something to do next. */
  get deadline() {
    return this.#typing.deadline;
  }

  /** One's own, the newest. */
  get sid() {
    return this.#sid;
  }

  /** What the session `sid` of this instance is called in an `Outbox`; without `sid` one's own. */
  seat(sid = this.#sid) {
    return `${this.#inst} ${sid}`;
  }

  /**
   * A connection begins.
   * @returns {'first' | 'resumed' | 'forgotten' | 'reopened'} what became of the session since the one before
   */
  begin({ inst, sid, peers, seq }) {
    const arrival = this.#arrival(inst, sid);
    if (arrival === 'reopened') {
      this.#last = 0;
      this.#sids.clear();
    }
    this.#inst = inst;
    this.#sid = sid;
    this.#sids.add(sid);
    this.#roster.reset(peers, seq, arrival === 'reopened');
    return arrival;
  }

  /** What one is called by the others; `null` where nobody can be sure of it. */
  get ownNick() {
    const own = this.#roster.people.find(({ sid }) => sid === this.#sid);
    return own?.verified === false ? null : own?.nick ?? null;
  }

  /**
   * Tells of a frame.
   * @returns {boolean} `false` for what was told before
   */
  take(frame, now) {
    if (frame.seq !== undefined) {
      if (frame.seq <= this.#last) return false;
      this.#last = frame.seq;
    }
    switch (frame.t) {
      case 'msg': this.#takeMessage(frame); break;
      case 'join': this.#takeJoin(frame); break;
      case 'leave': this.#takeLeave(frame); break;
      case 'profile': this.#takeProfile(frame); break;
      case 'gap': this.#takeGap(frame); break;
      case 'typing':
        if (frame.sid !== this.#sid && this.#typing.set(frame.sid, frame.on, now)) this.#tellTyping();
        break;
      case 'state': this.#takeState(frame); break;
      case 'count':
        this.#roster.setCount(frame.n);
        this.tellPeople();
        break;
      default:
    }
    return true;
  }

  /** Time has passed. */
  expire(now) {
    if (this.#typing.expire(now)) this.#tellTyping();
  }

  /** The connection is gone: nobody is known to type. */
  pause() {
    this.#typing.clear();
    this.#tellTyping();
  }

  /** Tells who is there and where they are, oneself first: always in one order, so that nobody is looked for. */
  tellPeople() {
    const people = this.#roster.people
      .map((peer) => ({ ...peer, is: peer.is ?? 'here', own: peer.sid === this.#sid }))
      .sort((one, other) => other.own - one.own || one.sid - other.sid);
    this.#tell('people', { people, count: this.#roster.count });
  }

  #isOwn(sid) {
    return this.#sids.has(sid);
  }

  #arrival(inst, sid) {
    if (this.#inst === null) return 'first';
    if (this.#inst !== inst) return 'reopened';
    return this.#sid === sid ? 'resumed' : 'forgotten';
  }

  #tellTyping() {
    const { sids } = this.#typing;
    const nicks = sids.map((sid) => this.#roster.nickOf(sid)).filter((nick) => nick !== null);
    this.#tell('typing', { nicks, sids });
  }

  #takeMessage({ seq, ts, from, nick, id, text, code, missing = 0, offClock = false, opaque, own = this.#isOwn(from) }) {
    // What nobody opened has no place here.
    if (text === undefined && opaque === undefined) return;
    if (this.#typing.set(from, false)) this.#tellTyping();
    if (opaque === undefined) {
      this.#roster.named(from, nick);
      if (missing > 0) this.#tell('missing', { nick, count: missing });
      this.#tell('message', { seq, ts, from, nick, id, text, code, offClock, own });
    } else if (opaque !== 'repeat') {
      this.#tell(opaque, { seq, ts, nick: this.#roster.nickOf(from) });
    }
  }

  #takeJoin({ seq, ts, peer }) {
    if (peer.nick === undefined) return;
    const { sid, nick, verified } = peer;
    const changed = this.#roster.joined(peer, seq);
    this.#tell('joined', { seq, ts, sid, nick, verified, own: this.#isOwn(sid) });
    if (changed) this.tellPeople();
  }

  #takeLeave({ seq, ts, sid, why }) {
    if (this.#typing.set(sid, false)) this.#tellTyping();
    const { nick, changed } = this.#roster.left(sid, seq);
    this.#tell('left', { seq, ts, sid, nick, why, own: this.#isOwn(sid) });
    if (changed) this.tellPeople();
  }

  #takeProfile({ seq, ts, sid, nick }) {
    if (nick === undefined) return;
    const { before, changed } = this.#roster.renamed(sid, nick, seq);
    this.#tell('renamed', { seq, ts, sid, before, nick, own: this.#isOwn(sid) });
    if (changed) this.tellPeople();
  }

  #takeState({ sid, is }) {
    // One knows of oneself, whatever a server says.
    if (sid === this.#sid || !this.#roster.moved(sid, is)) return;
    // Who is lost or away types no more.
    if (this.#typing.set(sid, false)) this.#tellTyping();
    this.tellPeople();
  }

  #takeGap({ from, to, why }) {
    this.#last = Math.max(this.#last, to);
    this.#tell('gap', { from, to, why });
  }
}
