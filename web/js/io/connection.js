//! The socket and the timer that a session is driven by.

import { DecodeFrameError } from '../core/frames.js';
import { now } from './clock.js';

/** The subprotocol of the structured mode. */
const SUBPROTOCOL = 'chat.v1';

/** The longest time that a browser's timer can wait, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Does what a session asks for, and tells it what happens. */
export class Connection {
  #session;
  #address;
  #tell;
  #socket = null;
  #timer = 0;
  #isBusy = false;
  #wire;
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
    clearTimeout(this.#timer);
    const wait = this.#session.deadline - now();
    if (wait < Infinity) {
      this.#timer = setTimeout(() => this.run((session, at) => session.timeout(at)), Math.min(Math.max(wait, 0), TIMER_MAX_MS));
    }
  }

  #perform(action) {
    switch (action.do) {
      case 'connect': return this.#connect();
      case 'transmit': return this.#transmit(this.#socket, action.text);
      case 'close': return this.#close(action.code);
      case 'tell': return this.#tell(action.event);
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
    socket.addEventListener('close', ({ code }) => {
      // After all that came before it was opened.
      this.#in = this.#in.then(() => {
        if (socket !== this.#socket) return;
        this.#socket = null;
        this.run((session) => session.closed(code));
      });
    });
    this.#socket = socket;
  }

  #transmit(socket, text) {
    const send = (sealed) => socket?.readyState === WebSocket.OPEN && socket.send(sealed);
    if (this.#wire === undefined) {
      send(text);
      return;
    }
    // Sealing begins now, in the order of the frames, and they leave in that order.
    const sealed = this.#wire.outgoing(text);
    this.#out = this.#out.then(async () => send(await sealed));
  }

  #open(socket, data) {
    this.#in = this.#in.then(async () => {
      let frame = null;
      try {
        frame = await this.#wire.incoming(data);
      } catch (error) {
        if (!(error instanceof DecodeFrameError)) throw error;
      }
      if (socket !== this.#socket) return;
      this.run((session, at) => (frame === null ? session.unreadable() : session.received(frame, at)));
    });
  }

  #close(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#out = this.#out.then(() => (code === undefined ? socket?.close() : socket?.close(code)));
  }
}
