//! A session and the server's side of its conversation, in virtual time.

import { Session } from '../../js/core/session.js';

export const TOKEN = '01ab-0101-wxyz-0000';
export const INST = 'AAAAAAAAAAAAAAAAAAAAAA';

export const LIMITS = {
  frame: 65536, text: 16384, nick: 64, rate: { per_s: 20, burst: 40 }, ping_ms: 20_000, grace_ms: 60_000,
};

export const person = (sid, nick) => ({ sid, mode: 'v1', since: 1, nick });

/** Drives one `Session`: what it wants done is kept in `sent`, `events` and `asked`. */
export class Drive {
  now = 1000;
  sent = [];
  events = [];
  asked = [];

  constructor(options = {}) {
    this.session = new Session({ token: TOKEN, nick: 'Ann', key: 'AQEBAQEBAQEBAQEBAQEBAQ', jitter: () => 0.5, ...options });
  }

  /** Calls a method of the session and does what it asks for. */
  call(method, ...given) {
    const result = this.session[method](...given);
    for (let action = this.session.poll(); action; action = this.session.poll()) {
      if (action.do === 'transmit') this.sent.push(JSON.parse(action.text));
      else if (action.do === 'tell') this.events.push(action.event);
      else this.asked.push(action);
    }
    return result;
  }

  server(...frames) {
    for (const frame of frames) this.call('frame', JSON.stringify(frame), this.now);
  }

  /** Lets time pass up to every deadline on the way. */
  pass(ms) {
    const end = this.now + ms;
    for (let turns = 0; this.session.deadline <= end; turns += 1) {
      if (turns > 1000) throw new Error('a deadline never moves');
      this.now = Math.max(this.now, this.session.deadline);
      this.call('timeout', this.now);
    }
    this.now = end;
    this.call('timeout', this.now);
  }

  /** Up to the server's `welcome`. */
  welcome(members = {}) {
    this.call('start', this.now);
    this.greeted(members);
  }

  /** The connection is lost, made again, and answered. */
  again(members = {}) {
    this.call('closed', 1006, this.now);
    this.call('wake', this.now);
    this.greeted(members);
  }

  greeted(members) {
    this.call('opened', this.now);
    this.server({ ...this.greeting, ...members });
  }

  get greeting() {
    return {
      t: 'welcome', v: 1, inst: INST, sid: 1, resumed: false, seq: 1, now: 5000, limits: LIMITS,
      room: { kind: 'plain', created: 1, expires: 9, history: 100, max: 256 }, peers: [person(1, 'Ann')],
    };
  }

  /** All the way in, with `frames` as the replay. */
  enter(members = {}, frames = [this.join(1, 1, 'Ann')]) {
    this.welcome(members);
    this.server(...frames, { t: 'live', seq: members.seq ?? 1 });
    this.forget();
  }

  forget() {
    this.sent = [];
    this.events = [];
    this.asked = [];
  }

  told(type) {
    return this.events.filter((event) => event.type === type);
  }

  join(seq, sid, nick) {
    return { t: 'join', seq, ts: seq, peer: person(sid, nick) };
  }

  msg(seq, from, nick, text, id) {
    return { t: 'msg', seq, ts: seq, from, nick, text, id };
  }
}
