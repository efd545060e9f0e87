//! A stay in a room as a machine: events in, actions out; no socket, no clock, no randomness of its own.
//!
//! The order: `start`, then `opened`, `frame` and `closed` as the socket says, `timeout` whenever `deadline` has
//! passed (a call too early does no harm), and in between what the person does. After each call, do what `poll`
//! returns until it returns `undefined`. After `lost`, `start` joins again.

import { encodeBase64url } from './base64url.js';
import { meaningOf } from './closing.js';
import { decodeServerFrame, DecodeFrameError, encodeClientFrame } from './frames.js';
import { Heartbeat } from './heartbeat.js';
import { Outbox, SendError } from './outbox.js';
import { Roster } from './roster.js';
import { OthersTyping, OwnTyping } from './typing.js';

/** How long the way to `live` may take without anything arriving, in milliseconds. */
export const ENTER_MS = 15_000;

/** The session key's length in bytes. */
const KEY_BYTES = 16;

/** Actions: `connect`; `transmit` with `text`; `close` with `code` perhaps; `tell` with an `event` for the person. */
export class Session {
  #room;
  #frameSize;
  #nick;
  #random;
  #state = 'idle';
  #actions = [];
  #key = '';
  #attempt = 0;
  #sids = new Set();
  #sid = null;
  #inst = null;
  #last = 0;
  #limits = null;
  #enterBy = Infinity;
  #fatal = null;
  #nextId = 0;
  #outbox = new Outbox();
  #roster = new Roster();
  #heartbeat = new Heartbeat();
  #ownTyping = new OwnTyping();
  #othersTyping = new OthersTyping();

  /**
   * @param {{token?: string, room?: object, nick: string, random: (length: number) => Uint8Array,
   *   frameSize?: (id: string, text: string) => number}} options a plain room's token, or what the `hello` says of a sealed
   * one (then frames pass through a `SealedWire`, which also says how long a send's frame gets); the nick; and the random
   * source for the session's key
   */
  constructor({ token, room = { token }, nick, random, frameSize }) {
    this.#room = room;
    this.#frameSize = frameSize;
    this.#nick = nick;
    this.#random = random;
  }

  /** `idle`, `connecting`, `entering`, `replaying`, `live`, `lost` (`start` joins again) or `ended`. */
  get state() {
    return this.#state;
  }

  /** The nick that is asked for, or that was given. */
  get nick() {
    return this.#nick;
  }

  /** When `timeout` is to be called, in the milliseconds of the caller's clock; `Infinity` for never. */
  get deadline() {
    return Math.min(
      this.#enterBy, this.#heartbeat.deadline, this.#othersTyping.deadline,
      this.#state === 'live' ? this.#ownTyping.deadline : Infinity,
    );
  }

  /** The next action, or `undefined`. */
  poll() {
    return this.#actions.shift();
  }

  /** The person wants in, for the first time or again. */
  start(now) {
    if (this.#state !== 'idle' && this.#state !== 'lost') return;
    // A joining by a person has a key of its own.
    this.#key = encodeBase64url(this.#random(KEY_BYTES));
    this.#attempt = 1;
    this.#fatal = null;
    this.#enterBy = now + ENTER_MS;
    this.#become('connecting');
    this.#do('connect');
  }

  /** The socket is open. */
  opened(now) {
    if (this.#state !== 'connecting') return;
    this.#enterBy = now + ENTER_MS;
    this.#become('entering');
    this.#transmit({
      t: 'hello', v: 1, ...this.#room, key: this.#key, try: this.#attempt, nick: this.#nick, agent: 'page',
    });
  }

  /** A text frame arrived. */
  frame(text, now) {
    if (!this.#isConnected) return;
    let frame;
    try {
      frame = decodeServerFrame(text);
    } catch (error) {
      if (!(error instanceof DecodeFrameError)) throw error;
      this.unreadable();
      return;
    }
    this.received(frame, now);
  }

  /** A frame arrived that can't be read. */
  unreadable() {
    if (!this.#isConnected) return;
    this.#do('close', {});
    this.#finish('ended', { code: 'server_unclear' });
  }

  /** A frame arrived, and was read. */
  received(frame, now) {
    if (!this.#isConnected) return;
    this.#heartbeat.heard();
    if (this.#enterBy < Infinity) this.#enterBy = now + ENTER_MS;
    this.#take(frame, now);
  }

  /** The socket is closed, by whomever, with this close code. */
  closed(code) {
    if (this.#state === 'lost' || this.#state === 'ended' || this.#state === 'idle') return;
    const meaning = meaningOf(code);
    const reached = this.#state !== 'connecting';
    this.#finish(meaning.comesBack ? 'lost' : 'ended', {
      code: this.#fatal?.code ?? (reached ? meaning.code : 'unreachable'),
      retryMs: this.#fatal?.retry_ms,
    });
  }

  /** `deadline` has passed. */
  timeout(now) {
    if (now >= this.#enterBy) this.#lose('unreachable');
    const due = this.#heartbeat.due(now);
    if (due?.lost) this.#lose('connection_lost');
    else if (due) this.#transmit({ t: 'ping', n: due.ping });
    if (this.#othersTyping.expire(now)) this.#tellTyping();
    this.#sayTyping(now);
  }

  /**
   * Sends a text.
   * @returns {string} the id by which `acknowledged`, `refused` and `unsure` speak of it
   * @throws {SendError} what can't be sent stays with the person
   */
  send(text) {
    if (this.#state !== 'live' && this.#state !== 'replaying') throw new SendError('not_connected');
    const id = String(this.#nextId + 1);
    const wire = this.#outbox.add(id, text, this.#sid, this.#limits, this.#frameSize);
    this.#nextId += 1;
    this.#ownTyping.sent();
    if (this.#state === 'live') this.#do('transmit', { text: wire });
    return id;
  }

  /** The person types, or has emptied the draft. */
  typing(on, now) {
    if (this.#state !== 'live') return;
    this.#ownTyping.touch(on, now);
    this.#sayTyping(now);
  }

  /** Asks for another nick, as it was parsed; `renamed` or `error` answers. */
  rename(nick) {
    if (this.#state === 'live') this.#transmit({ t: 'profile', nick });
  }

  /** Leaves for good. */
  leave() {
    if (this.#state === 'ended') return;
    if (this.#state === 'live') this.#transmit({ t: 'bye' });
    if (this.#isConnected || this.#state === 'connecting') this.#do('close', { code: 1000 });
    this.#finish('ended', { code: 'left' });
  }

  get #isConnected() {
    return this.#state === 'entering' || this.#state === 'replaying' || this.#state === 'live';
  }

  #do(kind, details) {
    this.#actions.push({ do: kind, ...details });
  }

  #tell(type, details) {
    this.#do('tell', { event: { type, ...details } });
  }

  #transmit(frame) {
    this.#do('transmit', { text: encodeClientFrame(frame) });
  }

  #become(state, details) {
    this.#state = state;
    this.#tell('state', { state, ...details });
  }

  #lose(code) {
    this.#do('close', {});
    this.#finish('lost', { code });
  }

  #finish(state, details) {
    this.#enterBy = Infinity;
    this.#heartbeat.stop();
    this.#ownTyping.stop();
    this.#othersTyping.clear();
    this.#tellTyping();
    this.#become(state, { ...details, wasIn: this.#sid !== null });
  }

  #tellTyping() {
    const nicks = this.#othersTyping.sids.map((sid) => this.#roster.nickOf(sid)).filter((nick) => nick !== null);
    this.#tell('typing', { nicks });
  }

  #sayTyping(now) {
    if (this.#state !== 'live') return;
    const on = this.#ownTyping.due(now);
    if (on !== null) this.#transmit({ t: 'typing', on });
  }

  #tellPeople() {
    const people = this.#roster.people.map((peer) => ({ ...peer, own: peer.sid === this.#sid }));
    this.#tell('people', { people, count: this.#roster.count });
  }

  #take(frame, now) {
    if (frame.t === 'welcome') return this.#takeWelcome(frame);
    if (frame.t === 'error') return this.#takeError(frame);
    // Nothing but these two makes sense before `welcome`.
    if (this.#state === 'entering') return undefined;
    if (frame.seq !== undefined && frame.t !== 'live' && frame.t !== 'ack') {
      if (frame.seq <= this.#last) return undefined;
      this.#last = frame.seq;
    }
    return this.#takeEvent(frame, now);
  }

  #takeEvent(frame, now) {
    switch (frame.t) {
      case 'msg': return this.#takeMessage(frame);
      case 'join': return this.#takeJoin(frame);
      case 'leave': return this.#takeLeave(frame);
      case 'profile': return this.#takeProfile(frame);
      case 'typing': return this.#takeTyping(frame, now);
      case 'live': return this.#takeLive(now);
      case 'gap': return this.#takeGap(frame);
      case 'ack': return this.#acknowledge(frame.id, this.#sid);
      case 'count':
        this.#roster.setCount(frame.n);
        return this.#tellPeople();
      case 'end':
        return this.#tell('ending', { why: frame.why, inMs: frame.in_ms });
      default:
        return undefined;
    }
  }

  #takeWelcome(frame) {
    if (this.#state !== 'entering') return;
    const again = this.#inst !== null;
    const another = again && this.#inst !== frame.inst;
    if (another) this.#last = 0;
    this.#inst = frame.inst;
    this.#sid = frame.sid;
    this.#sids.add(frame.sid);
    this.#limits = frame.limits;
    this.#roster.reset(frame.peers, frame.seq);
    this.#nick = this.#roster.nickOf(frame.sid) ?? this.#nick;
    this.#tell('welcome', { room: frame.room, limits: frame.limits, serverNow: frame.now, again, another });
    this.#tellPeople();
    this.#become('replaying');
  }

  #takeLive(now) {
    if (this.#state !== 'replaying') return;
    this.#enterBy = Infinity;
    this.#heartbeat.start(this.#limits.ping_ms, now);
    this.#become('live');
    for (const id of this.#outbox.giveUp(this.#sid)) this.#tell('unsure', { id });
    this.#repeat();
  }

  #repeat() {
    for (const text of this.#outbox.wires) this.#do('transmit', { text });
  }

  #takeError({ code, message, re, retry_ms: retryMs, fatal }) {
    if (fatal) {
      this.#fatal = { code, retry_ms: retryMs };
    } else if (re !== undefined && this.#outbox.settle(re, this.#sid)) {
      this.#tell('refused', { id: re, code, message });
    } else {
      this.#tell('error', { code, message });
    }
  }

  #takeMessage({ seq, ts, from, nick, id, text, code, missing = 0, offClock = false, opaque }) {
    // What nobody opened has no place here.
    if (text === undefined && opaque === undefined) return;
    if (this.#othersTyping.set(from, false)) this.#tellTyping();
    if (opaque === undefined) {
      this.#roster.named(from, nick);
      if (missing > 0) this.#tell('missing', { nick, count: missing });
      this.#tell('message', { seq, ts, from, nick, id, text, code, offClock, own: this.#sids.has(from) });
    } else if (opaque !== 'repeat') {
      this.#tell(opaque, { seq, ts, nick: this.#roster.nickOf(from) });
    }
    if (id !== undefined) this.#acknowledge(id, from);
  }

  #acknowledge(id, sid) {
    if (this.#outbox.settle(id, sid)) this.#tell('acknowledged', { id });
  }

  #takeJoin({ seq, ts, peer }) {
    if (peer.nick === undefined) return;
    const changed = this.#roster.joined(peer, seq);
    this.#tell('joined', { seq, ts, sid: peer.sid, nick: peer.nick, verified: peer.verified, own: this.#sids.has(peer.sid) });
    if (changed) this.#tellPeople();
  }

  #takeLeave({ seq, ts, sid, why }) {
    if (this.#othersTyping.set(sid, false)) this.#tellTyping();
    const { nick, changed } = this.#roster.left(sid, seq);
    this.#tell('left', { seq, ts, sid, nick, why, own: this.#sids.has(sid) });
    if (changed) this.#tellPeople();
  }

  #takeProfile({ seq, ts, sid, nick }) {
    if (nick === undefined) return;
    const { before, changed } = this.#roster.renamed(sid, nick, seq);
    if (changed && sid === this.#sid) this.#nick = nick;
    this.#tell('renamed', { seq, ts, sid, before, nick, own: this.#sids.has(sid) });
    if (changed) this.#tellPeople();
  }

  #takeTyping({ sid, on }, now) {
    if (sid !== this.#sid && this.#othersTyping.set(sid, on, now)) this.#tellTyping();
  }

  #takeGap({ from, to, why }) {
    this.#last = Math.max(this.#last, to);
    this.#tell('gap', { from, to, why });
    if (this.#state === 'live') this.#repeat();
  }
}
