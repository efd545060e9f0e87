//! Lives of a session as tables have them: an input a step, and all that must come of it. The client library's machine is
//! held to the same tables.

import assert from 'node:assert/strict';

import { encodeBase64url } from '../../js/core/base64url.js';
import { SendError } from '../../js/core/outbox.js';
import { Session } from '../../js/core/session.js';

/** What every scenario's machine is made of; a schedule says it itself. */
const SCENARIO = { token: '01ab-0101-wxyz-0000', nick: 'Ann', key: encodeBase64url(new Uint8Array(16).fill(7)) };

/**
 * With an open socket the page's session is over at once, the library's when the socket is closed or has long not been: that
 * counts.
 */
const OPEN = new Set(['entering', 'replaying', 'live']);

/** The events that tables speak of, as they write them. */
const TOLD = {
  welcome: ({ arrival }) => ({ welcome: arrival }),
  message: ({ seq, text, own }) => ({ message: seq, text, own }),
  joined: ({ seq, sid }) => ({ joined: seq, sid }),
  left: ({ seq, sid }) => ({ left: seq, sid }),
  renamed: ({ seq, sid }) => ({ renamed: seq, sid }),
  gap: ({ from, to }) => ({ gap: [from, to] }),
  acknowledged: ({ id }) => ({ acknowledged: id }),
  unconfirmed: ({ id }) => ({ unconfirmed: id }),
  refused: ({ id }) => ({ refused: id }),
};

const STATES = {
  live: ({ seq }) => ({ live: seq }),
  waiting: ({ inMs }) => ({ waiting: inMs }),
  stopped: ({ said = null }) => ({ stopped: said }),
  ended: () => ({ ended: true }),
};

/** One life, up to its end or to a mistake. */
export class Replay {
  #session;
  #sealed;
  #frames;
  #now = 1000;
  #isLeaving = false;
  #isParted = false;
  /** Where people were, once the newest `welcome` has told. */
  #whereabouts = null;

  /**
   * @param {{sealed?: boolean, steps: object[]}} life
   * @param {{random?: number[], frames?: object}} [options] `random` are the fractions of the delays, one half where they are used
   * up; `frames` are those that have names
   */
  constructor(life, { random = [], frames = {} } = {}) {
    const fractions = random.values();
    const { nick, key, token } = { ...SCENARIO, ...life };
    // A sealed machine is told by nobody else how its room is called and whether it is to be opened.
    const hello = life.sealed ? firstHello(life.steps) : null;
    const room = hello === null ? { token } : { room: hello.room, create: hello.create, opts: hello.opts };
    this.#session = new Session({ ...room, nick, key, jitter: () => fractions.next().value ?? 0.5 });
    this.#sealed = life.sealed ?? false;
    this.#frames = frames;
  }

  /** Does a step, and looks at what comes of it. */
  step({ at = this.#now, in: input, do: wanted = [], tell = [], deadline }) {
    // The library waits for what is outstanding before it leaves, the page does not: there the two part.
    this.#isParted ||= input.leave !== undefined && this.#session.isOutstanding;
    if (this.#isParted) return;
    this.#now = at;
    this.#input(input);
    const found = { do: [], tell: [] };
    for (let action = this.#session.poll(); action; action = this.#session.poll()) {
      if (action.do === 'tell') found.tell.push(...this.#told(action.event));
      else found.do.push(actionOf(action));
    }
    if (this.#isLeaving && (input.closed !== undefined || tell.some(({ ended }) => ended))) {
      this.#isLeaving = false;
      found.tell.push({ ended: true });
    }
    const expected = { do: wanted, tell };
    if (deadline !== undefined) {
      expected.deadline = deadline;
      found.deadline = this.#session.deadline === Infinity ? null : this.#session.deadline;
    }
    assert.deepEqual(found, expected);
  }

  #input(input) {
    const [[kind, value]] = Object.entries(input);
    const session = this.#session;
    switch (kind) {
      case 'start': return session.start(this.#now, value.nick);
      case 'opened': return session.opened(this.#now);
      case 'frame': return this.#frame(this.#frames[value] ?? value);
      case 'closed': return session.closed(value, this.#now);
      case 'wake': return session.wake(this.#now);
      case 'timeout': return session.timeout(this.#now);
      case 'send': return this.#send(value);
      case 'rename': return session.rename(value);
      case 'away': return session.away(value);
      case 'leave':
        this.#isLeaving = OPEN.has(session.state);
        return session.leave();
      default: throw new RangeError(kind);
    }
  }

  #frame(frame) {
    if (this.#sealed) this.#session.received(frame, this.#now);
    else this.#session.frame(JSON.stringify(frame), this.#now);
  }

  #send(text) {
    try {
      this.#session.send(text);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
    }
  }

  #told(event) {
    if (event.type === 'welcome') this.#whereabouts = null;
    if (event.type === 'people') return this.#moved(event.people);
    const told = event.type === 'state' ? STATES[event.state] : TOLD[event.type];
    if (told === undefined || (event.state === 'ended' && this.#isLeaving)) return [];
    return [told(event)];
  }

  /** The page tells the whole list, the library who moved. */
  #moved(people) {
    const before = this.#whereabouts ?? new Map();
    this.#whereabouts = new Map(people.map(({ sid, is }) => [sid, is]));
    return people.filter(({ sid, is }) => before.has(sid) && before.get(sid) !== is).map(({ sid, is }) => ({ state: sid, is }));
  }
}

function actionOf(action) {
  switch (action.do) {
    case 'connect': return 'connect';
    case 'close': return action.code === undefined ? 'drop' : { close: action.code };
    case 'transmit': {
      const { agent, ...frame } = JSON.parse(action.text);
      return { transmit: frame };
    }
    default: throw new RangeError(action.do);
  }
}

function firstHello(steps) {
  const frames = steps.flatMap((step) => step.do ?? []).map((action) => action.transmit);
  // Who never came as far as that can have any.
  return frames.find((frame) => frame?.t === 'hello') ?? { room: SCENARIO.key };
}
