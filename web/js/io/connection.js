//! The socket and the timer that a session is driven by.

import { DecodeFrameError } from '../core/frames.js';
import { now } from './clock.js';
import { onSight, onWake } from './wake.js';

/** The subprotocol of the structured mode. */
const SUBPROTOCOL = 'chat.v1';

/** The longest time that a browser's timer can wait, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** A timer that is this much too late has slept through, in milliseconds. */
const SLEPT_MS = 5000;

/** How nothing is closed that still lives. */
const GONE = 1006;

/** What becomes of a send in the end. */
const SETTLED = new Set(['acknowledged', 'refused', 'unconfirmed']);

/** Does what a session asks for, and tells it what happens. */
export class Connection {
  #session;
  #address;
  #tell;
  #socket = null;
  #timer = 0;
  #isBusy = false;
  #wire;
  #over = new AbortController();
  /** What goes out and what comes in, each after the one before. */
  #out = Promise.resolve();
  #in = Promise.resolve();

  /**
   * @param {import('../core/session.js').Session} session
   * @param {string} address as `socketAddress` has it
   * @param {(event: {type: string}) => void} tell takes the session's events
   * @param {import('../core/sealed-wire.js').SealedWire} [wire] seals and opens, in a sealed room
   */
  constructor(session, address, tell, wire) {
    this.#wire = wire;
    this.#session = session;
    this.#address = address;
    this.#tell = tell;
    onWake(() => this.run((awake, at) => awake.wake(at)), this.#over.signal);
    onSight((visible) => this.run((seen, at) => seen.sight(visible, at)), this.#over.signal);
  }

  /**
   * Lets the person act.
   * @template T
   * @param {(session: import('../core/session.js').Session, now: number) => T} act
   * @returns {T}
   */
  run(act) {
    try {
      return act(this.#session, now());
    } finally {
      this.#settle();
    }
  }

  #settle() {
    // An event's taker may act at once; its actions then wait their turn.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let action = this.#session.poll(); action; action = this.#session.poll()) this.#perform(action);
    } finally {
      this.#isBusy = false;
    }
    if (this.#session.state === 'ended') this.#over.abort();
    clearTimeout(this.#timer);
    const due = this.#session.deadline;
    if (due < Infinity) {
      this.#timer = setTimeout(() => this.#timeout(due), Math.min(Math.max(due - now(), 0), TIMER_MAX_MS));
    }
  }

  #timeout(due) {
    this.run((session, at) => {
      session.timeout(at);
      if (at - due > SLEPT_MS) session.wake(at);
    });
  }

  #perform(action) {
    switch (action.do) {
      case 'connect': return this.#connect();
      case 'transmit': return this.#transmit(this.#socket, action.text);
      case 'close': return this.#close(action.code);
      case 'tell':
        if (SETTLED.has(action.event.type)) this.#wire?.settled(action.event.id);
        return this.#tell(action.event);
      default: throw new TypeError(action.do);
    }
  }

  #connect() {
    const socket = new WebSocket(this.#address, SUBPROTOCOL);
    const listen = (type, act) => socket.addEventListener(type, (event) => {
      // A socket that was given up has nothing to say.
      if (socket === this.#socket) this.run((session, at) => act(session, at, event));
    });
    listen('open', (session, at) => session.opened(at));
    if (this.#wire === undefined) {
      listen('message', (session, at, { data }) => typeof data === 'string' && session.frame(data, at));
    } else {
      socket.addEventListener('message', ({ data }) => typeof data === 'string' && this.#open(socket, data));
    }
    // After all that came before it was opened.
    socket.addEventListener('close', ({ code }) => this.#inTurn(() => this.#closed(socket, code)));
    this.#socket = socket;
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.run((session, at) => session.closed(code, at));
  }

  /** What goes in or out can't go on: the connection ends, and another one may be better. */
  #fail(socket, error) {
    reportError(error);
    socket?.close();
    this.#closed(socket, GONE);
  }

  #transmit(socket, text) {
    const send = (sealed) => socket?.readyState === WebSocket.OPEN && socket.send(sealed);
    if (this.#wire === undefined) {
      send(text);
      return;
    }
    // Sealing begins now, in the order of the frames, and they leave in that order, by the socket that they were meant for.
    this.#out = Promise.all([this.#wire.outgoing(text), this.#out])
      .then(([sealed]) => send(sealed))
      .catch((error) => this.#fail(socket, error));
  }

  #open(socket, data) {
    this.#inTurn(async () => {
      // What nobody began to open comes again by the next connection.
      if (socket !== this.#socket) return;
      let frame = null;
      try {
        frame = await this.#wire.incoming(data);
      } catch (error) {
        if (!(error instanceof DecodeFrameError)) {
          this.#fail(socket, error);
          return;
        }
      }
      this.run((session, at) => {
        // Its sender's count has moved: a repeat of it would not be believed.
        if (socket !== this.#socket) frame && session.late(frame, at);
        else if (frame === null) session.unreadable();
        else session.received(frame, at);
      });
    });
  }

  #inTurn(act) {
    this.#in = this.#in.then(act).catch(reportError);
  }

  #close(code) {
    const socket = this.#socket;
    this.#socket = null;
    if (code === undefined) socket?.close();
    else this.#out = this.#out.then(() => socket?.close(code));
  }
}
