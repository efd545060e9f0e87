//! A stay in a room as a machine: events in, actions out; no socket, no clock, no randomness of its own.
//!
//! The order: `start`, then `opened`, `frame` and `closed` as the socket says, `timeout` whenever `deadline` has
//! passed (a call too early does no harm), and in between what the person does. After each call, do what `poll`
//! returns until it returns `undefined`. A lost connection is made again by itself, and the session goes on.

import { OwnAway } from './away.js';
import { Backoff } from './backoff.js';
import { meaningOf } from './closing.js';
import { decodeServerFrame, DecodeFrameError, encodeClientFrame } from './frames.js';
import { Heartbeat } from './heartbeat.js';
import { Hello } from './hello.js';
import { Outbox, SendError } from './outbox.js';
import { Story } from './story.js';
import { OwnTyping } from './typing.js';

/** Before the first `welcome`, this many failures in a row are the person's to hear of. */
const FAILURES_MAX = 3;

/** The close code for a server that breaks the protocol. */
const PROTOCOL_ERROR = 4400;

/** The largest room whose people are told of one by one (protocol, section 4.2, `count`). */
const TOLD_MAX = 256;

/** Frames that are never sent again to whom they were sent once. */
const NUMBERED = new Set(['msg', 'join', 'leave', 'profile', 'gap']);

/** Actions: `connect`; `transmit` with `text`; `close` with `code` perhaps; `tell` with an `event` for the person. */
export class Session {
  #nick;
  #frameSize;
  #sealed;
  #state = 'idle';
  #actions = [];
  #limits = null;
  #failures = 0;
  #returnAt = Infinity;
  /** What was said to end this connection. */
  #fatal = null;
  /** The nick that was asked for and not seen yet. */
  #renaming = null;
  #hello;
  #backoff;
  #outbox;
  #heartbeat = new Heartbeat();
  #ownTyping = new OwnTyping();
  #ownAway = new OwnAway();
  /** Whether the room only counts people. */
  #isCrowd = false;
  #story = new Story((type, details) => this.#tell(type, details));

  /**
   * @param {{token?: string, room?: string, create?: boolean, createKey?: string, opts?: object, nick: string, key: string, attempt?: number,
   *   jitter: () => number, ids?: string, frameSize?: (id: string, text: string) => number}} options a plain room's token, or
   * what the `hello` says of a sealed one (then frames pass through a `SealedWire`, which also says how long a send's frame
   * gets); the nick; the key of 16 random bytes that makes whoever shows it this session, and the last `try` that it was
   * shown with; fractions from 0 to below 1 that spread the attempts of many; and what the ids of sends begin with, new for
   * each machine that has the key
   */
  constructor({ nick, frameSize, jitter, ids, ...hello }) {
    this.#nick = nick;
    this.#frameSize = frameSize;
    this.#sealed = hello.room !== undefined;
    this.#hello = new Hello(hello);
    this.#backoff = new Backoff(jitter);
    this.#outbox = new Outbox(ids);
  }

  /**
   * `idle`, `connecting`, `entering`, `replaying`, `live`, `waiting` (connects by itself), `stopped` (`start` goes on) or
   * `ended`.
   */
  get state() {
    return this.#state;
  }

  /** The nick that is asked for, or that was given. */
  get nick() {
    return this.#nick;
  }

  /** The last `try`. */
  get attempt() {
    return this.#hello.attempt;
  }

  /** Whether something that was sent was not seen back. */
  get isOutstanding() {
    return this.#outbox.size > 0;
  }

  /** When `timeout` is to be called, in the milliseconds of the caller's clock; `Infinity` for never. */
  get deadline() {
    return Math.min(
      this.#returnAt, this.#heartbeat.deadline, this.#story.deadline, this.#ownAway.deadline,
      this.#state === 'live' ? this.#ownTyping.deadline : Infinity,
    );
  }

  /** The next action, or `undefined`. */
  poll() {
    return this.#actions.shift();
  }

  /** The person wants in, for the first time, or on after `stopped`, under another nick perhaps. */
  start(now, nick) {
    if (this.#state !== 'idle' && this.#state !== 'stopped') return;
    if (nick !== undefined) {
      this.#nick = nick;
      this.#renaming = null;
    }
    this.#failures = 0;
    this.#connect(now);
  }

  /** The socket is open. */
  opened(now) {
    if (this.#state !== 'connecting') return;
    this.#heartbeat.enter(now);
    this.#become('entering');
    this.#transmit(this.#hello.frame(this.#nick, this.#story.last, now));
  }

  /** A text frame arrived. */
  frame(text, now) {
    if (!this.#isOpen) return;
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
    if (!this.#isOpen) return;
    this.#do('close', { code: PROTOCOL_ERROR });
    this.#rest('stopped', { code: 'server_unclear' });
  }

  /** A frame arrived, and was read. */
  received(frame, now) {
    if (!this.#isOpen) return;
    this.#heartbeat.heard(now);
    this.#take(frame, now);
  }

  /** A frame was read whose socket was given up meanwhile. */
  late(frame, now) {
    if (NUMBERED.has(frame.t) && this.#limits !== null && this.#state !== 'ended') this.#takeTold(frame, now);
  }

  /** The socket is closed, by whomever, with this close code. */
  closed(code, now) {
    if (!this.#isOpen && this.#state !== 'connecting') return;
    const { code: meaning, comesBack } = meaningOf(code);
    const reached = this.#state !== 'connecting';
    const said = this.#fatal?.code;
    const reason = { code: said ?? (reached ? meaning : 'unreachable'), said, retryMs: this.#fatal?.retryMs };
    if (this.#limits === null) this.#failures += 1;
    const isKnown = this.#limits !== null || (reached && said === undefined && this.#failures < FAILURES_MAX);
    if (comesBack && isKnown) {
      const inMs = this.#backoff.next(reason.retryMs);
      this.#returnAt = now + inMs;
      this.#rest('waiting', { ...reason, inMs });
      return;
    }
    // The others know these as somebody else's for good.
    if (said === 'spk_taken') this.#giveUp(this.#outbox.takeOut());
    this.#rest('stopped', reason);
  }

  /** There may be a connection again, or the one that there is may be dead: the machine woke up, or the person asks. */
  wake(now) {
    if (this.#state === 'waiting') this.#connect(now);
    else if (this.#state === 'live') this.#beat(this.#heartbeat.ask(now), now);
  }

  /** `deadline` has passed. */
  timeout(now) {
    if (now >= this.#returnAt) this.#connect(now);
    this.#beat(this.#heartbeat.due(now), now);
    this.#story.expire(now);
    this.#sayTyping(now);
    this.#ownAway.expire(now);
    this.#sayAway();
  }

  /**
   * Sends a text: at once, or as soon as that is possible.
   * @returns {string} the id by which `acknowledged`, `refused` and `unconfirmed` speak of it
   * @throws {SendError} what can't be sent stays with the person
   */
  send(text) {
    if (this.#limits === null || this.#state === 'stopped' || this.#state === 'ended') throw new SendError('not_connected');
    const id = this.#outbox.add(text, this.#limits, this.#frameSize);
    this.#ownTyping.sent();
    if (this.#state === 'live') this.#transmitSends(id);
    return id;
  }

  /** The person types, or has emptied the draft. */
  typing(on, now) {
    if (this.#state !== 'live') return;
    this.#ownTyping.touch(on, now);
    this.#sayTyping(now);
  }

  /** The page came into sight, or went out of it: who doesn't see it for a while is away. */
  sight(visible, now) {
    this.#ownAway.seen(visible, now);
    this.#sayAway();
  }

  /** The person looks elsewhere, or here again. */
  away(on) {
    this.#ownAway.set(on);
    this.#sayAway();
  }

  /** Asks for another nick, as it was parsed, until `renamed` or `error` answers. */
  rename(nick) {
    this.#renaming = nick;
    if (this.#state === 'live') this.#transmitNick();
  }

  /** Leaves for good. */
  leave() {
    if (this.#state === 'ended') return;
    if (this.#state === 'live') this.#transmit({ t: 'bye' });
    if (this.#isOpen || this.#state === 'connecting') this.#do('close', { code: 1000 });
    this.#rest('ended');
  }

  get #isOpen() {
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

  #connect(now) {
    this.#fatal = null;
    this.#returnAt = Infinity;
    this.#heartbeat.enter(now);
    this.#become('connecting');
    this.#do('connect');
  }

  /** There is no connection, for a while or for good. */
  #rest(state, details) {
    if (state === 'ended') this.#returnAt = Infinity;
    this.#heartbeat.stop();
    this.#ownTyping.stop();
    this.#story.pause();
    this.#become(state, details);
  }

  #beat(due, now) {
    if (due?.lost) {
      this.#do('close', {});
      this.closed(1006, now);
    } else if (due) this.#transmit({ t: 'ping', n: due.ping });
  }

  #sayTyping(now) {
    if (this.#state !== 'live') return;
    const on = this.#ownTyping.due(now);
    if (on !== null) this.#transmit({ t: 'typing', on });
  }

  #sayAway() {
    if (this.#state !== 'live' || this.#isCrowd) return;
    const on = this.#ownAway.due();
    if (on !== null) this.#transmit({ t: 'away', on });
  }

  #transmitSends(only) {
    for (const text of this.#outbox.wires(this.#story.seat(), only)) this.#do('transmit', { text });
  }

  #transmitNick() {
    this.#transmit({ t: 'profile', nick: this.#renaming });
  }

  #giveUp(ids) {
    for (const id of ids) this.#tell('unconfirmed', { id });
  }

  #take(frame, now) {
    if (frame.t === 'welcome') return this.#takeWelcome(frame, now);
    if (frame.t === 'error') return this.#takeError(frame);
    // Nothing but these two makes sense before `welcome`.
    if (this.#state === 'entering') return undefined;
    switch (frame.t) {
      case 'live': return this.#takeLive(frame, now);
      case 'ack': return this.#outbox.settle(frame.id) && this.#tell('acknowledged', { id: frame.id, seq: frame.seq });
      case 'end': return this.#tell('ending', { why: frame.why, inMs: frame.in_ms });
      default: return this.#takeTold(frame, now);
    }
  }

  #takeWelcome(frame, now) {
    if (this.#state !== 'entering') {
      this.unreadable();
      return;
    }
    this.#hello.answered(frame, now);
    this.#limits = frame.limits;
    this.#isCrowd = frame.room.max === 0 || frame.room.max > TOLD_MAX;
    const arrival = this.#story.begin(frame);
    this.#nick = this.#story.ownNick ?? this.#nick;
    this.#tell('welcome', { arrival, room: frame.room, limits: frame.limits, serverNow: frame.now });
    this.#story.tellPeople();
    this.#become('replaying');
  }

  #takeLive({ seq }, now) {
    if (this.#state !== 'replaying') return;
    this.#backoff.reset();
    this.#heartbeat.start(this.#limits.ping_ms, now);
    this.#become('live', { seq });
    // The server may have forgotten what another session of ours sent; receivers of a sealed room know a repeat.
    if (!this.#sealed) this.#giveUp(this.#outbox.takeOut(this.#story.seat()));
    this.#transmitSends();
    if (this.#renaming !== null) this.#transmitNick();
    this.#ownAway.begin();
    this.#sayAway();
  }

  #takeError({ code, message, re, retry_ms: retryMs, fatal }) {
    if (fatal) {
      this.#fatal = { code, retryMs };
    } else if (re !== undefined && this.#outbox.settle(re)) {
      this.#tell('refused', { id: re, code, message });
    } else {
      // Of what is sent, only a nick is refused without being named.
      if (re === undefined) this.#renaming = null;
      this.#tell('error', { code, message });
    }
  }

  #takeTold(frame, now) {
    if (!this.#story.take(frame, now)) return;
    switch (frame.t) {
      case 'msg': this.#takeMessage(frame); break;
      case 'profile':
        if (frame.sid !== this.#story.sid) break;
        this.#nick = this.#story.ownNick ?? this.#nick;
        if (frame.nick === this.#renaming) this.#renaming = null;
        break;
      case 'gap':
        if (this.#state === 'live') this.#transmitSends();
        break;
      default:
    }
  }

  #takeMessage({ id, from, own }) {
    const isSettled = this.#sealed ? own && this.#outbox.settle(id) : this.#outbox.seen(id, this.#story.seat(from));
    if (isSettled) this.#tell('acknowledged', { id });
  }
}
