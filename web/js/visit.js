//! A visit to one room: the session, its connection, and what is seen of both.

import { Session } from './core/session.js';
import { learnLooks, looksLike } from './core/nick.js';
import { SendError } from './core/outbox.js';
import { inviteUrl } from './core/token.js';
import { now } from './io/clock.js';
import { Connection } from './io/connection.js';
import { randomBytes } from './io/random.js';
import { say, sayError } from './text/say.js';
import { nickElement } from './view/element.js';
import { RoomView } from './view/room.js';

/** How often the time that is left is said anew, in milliseconds. */
const LIFE_EVERY_MS = 15_000;

/** Why events are missing, as sentences. */
const GAPS = new Map([['slow', 'log.gap_slow'], ['expired', 'log.gap_expired']]);

/** Turns the session's events into what is seen, and the person's doing into what the session is asked. */
export class Visit {
  #session;
  #connection;
  #view;
  #wire;
  #people = [];
  #outcome;
  #entered = false;
  #room = null;
  #skew = 0;
  #lifeTimer = 0;

  /**
   * @param {{token: string, nick: string, wire?: import('./core/sealed-wire.js').SealedWire, page: string, address: string,
   *   entered: (view: RoomView) => void, refused: (code: string, values: object) => void, left: (nick: string) => void,
   * }} options `page` is the page's URL, `address` the socket's. `entered` is told once the room can be shown,
   * `refused` why it can't, `left` that the person goes back to the landing page.
   */
  constructor({ token, nick, wire, page, address, entered, refused, left }) {
    this.#wire = wire;
    this.#outcome = { entered, refused, left };
    this.#session = new Session(wire === undefined ? { token, nick, random: randomBytes } : {
      room: wire.room, nick, random: randomBytes, frameSize: (id, text) => wire.frameSize(id, text),
    });
    this.#connection = new Connection(this.#session, address, (event) => this.#show(event), wire);
    this.#view = new RoomView({
      url: inviteUrl(page, token),
      sealed: wire !== undefined,
      send: (text) => this.#send(text),
      sendAgain: (text) => this.#sendAgain(text),
      typing: (on) => this.#connection.run((session, at) => session.typing(on, at)),
      rename: (wanted) => this.#connection.run((session) => session.rename(wanted)),
      leave: () => this.#leave(),
    });
  }

  /** Comes in. */
  start() {
    this.#connection.run((session, at) => session.start(at));
  }

  #leave() {
    this.#connection.run((session) => session.leave());
    this.#goBack();
  }

  #goBack() {
    clearInterval(this.#lifeTimer);
    this.#outcome.left(this.#session.nick);
  }

  #send(text) {
    try {
      const id = this.#connection.run((session) => session.send(text));
      this.#view.pending.add(id, text);
      this.#view.scroller.toEnd();
      return null;
    } catch (error) {
      if (error instanceof SendError) return sayError('send', error.code, error);
      throw error;
    }
  }

  #sendAgain(text) {
    const wrong = this.#send(text);
    if (wrong !== null) this.#view.notice.show(wrong);
    return wrong === null;
  }

  #show(event) {
    const { log, people, pending, typing } = this.#view;
    switch (event.type) {
      case 'state': return this.#showState(event);
      case 'welcome': return this.#showWelcome(event);
      case 'people': return this.#showPeople(event);
      case 'typing': return typing.show(event.nicks);
      case 'acknowledged': return this.#settle(event.id);
      case 'unsure': return pending.offer(event.id, say('message.unsure'));
      case 'refused': return pending.offer(event.id, sayError('error', event.code));
      case 'ending': return this.#view.notice.show(sayError('end', event.why));
      case 'error':
        if (event.code === 'nick_taken' || event.code === 'bad_nick') return people.showRenameError(sayError('nick', event.code));
        return this.#view.notice.show(sayError('error', event.code, {}));
      case 'message':
        if (event.own && event.id !== undefined) pending.take(event.id);
        log.addMessage({ ...event, code: this.#isAmbiguous(event) ? event.code : undefined });
        break;
      default:
        log.addLine(WARNINGS.has(event.type) ? 'warning' : 'event', sentenceOf(event), event.ts);
    }
    return this.#view.scroller.follow();
  }

  async #showPeople({ people, count }) {
    this.#people = people;
    if (this.#wire !== undefined) await learnLooks(people.map(({ nick }) => nick ?? ''));
    if (people !== this.#people) return;
    this.#view.showPeople(people.map((person) => ({ ...person, ambiguous: this.#isAmbiguous(person) })), count);
    if (this.#wire === undefined) return;
    const code = await this.#wire.roomCode(people);
    if (people === this.#people) this.#view.people.showRoomCode(code);
  }

  /** Whether a nickname alone doesn't tell who somebody is. */
  #isAmbiguous({ nick, code }) {
    return code !== undefined && this.#people.some((other) => other.code !== code && looksLike(other.nick, nick));
  }

  #showWelcome({ room, serverNow, again, another }) {
    this.#entered = true;
    this.#room = room;
    this.#skew = serverNow - now();
    if (again) this.#view.log.addLine(another ? 'warning' : 'event', say(another ? 'log.another_room' : 'log.joined_again'));
    clearInterval(this.#lifeTimer);
    this.#lifeTimer = setInterval(() => this.#showLife(), LIFE_EVERY_MS);
    this.#showLife();
    this.#outcome.entered(this.#view);
  }

  #showLife() {
    const left = this.#room.expires - now() - this.#skew;
    this.#view.showLife(this.#room.expires - this.#skew, left);
  }

  #settle(id) {
    const text = this.#view.pending.take(id);
    if (text === null) return;
    // It was taken, but its own place in the log was not shown.
    this.#view.log.addMessage({ from: '', nick: this.#session.nick, text, ts: now() + this.#skew, own: true });
  }

  #showState({ state, code, retryMs }) {
    const { notice, pending } = this.#view;
    this.#view.showState(state);
    if (state === 'connecting' || state === 'live') notice.clear();
    if (state !== 'lost' && state !== 'ended') return;
    if (code === 'left') return;
    const values = { retryS: retryMs === undefined ? undefined : retryMs / 1000 };
    if (!this.#entered) {
      this.#outcome.refused(code, values);
      return;
    }
    pending.leaveOpen(state === 'lost' ? 'message.unconfirmed' : 'message.unsent');
    notice.show(sayError('error', code, values), state === 'lost'
      ? { label: say('action.join_again'), press: () => this.start() }
      : { label: say('action.back'), press: () => this.#goBack() });
  }
}

/** What is missing or can't be trusted. */
const WARNINGS = new Set(['gap', 'missing', 'unverifiable', 'newer']);

/** The line that an event is in the log. */
function sentenceOf(event) {
  const nick = event.nick === null ? null : nickElement(event.nick ?? '');
  switch (event.type) {
    case 'unverifiable':
      return say('log.unverifiable');
    case 'newer':
      return nick === null ? say('log.newer_unknown') : say('log.newer', { nick });
    case 'missing':
      return say('log.missing', { nick, count: event.count });
    case 'joined':
      if (event.verified === false) return say('log.joined_unverified', { nick });
      return event.own ? say('log.joined_own') : say('log.joined', { nick });
    case 'left':
      if (event.own) return say('log.left_own');
      if (nick === null) return say('log.left_unknown');
      return say(event.why === 'timeout' ? 'log.left_timeout' : 'log.left', { nick });
    case 'renamed':
      if (event.own) return say('log.renamed_own', { nick });
      if (event.before === null) return say('log.renamed_unknown', { nick });
      return say('log.renamed', { before: nickElement(event.before), nick });
    case 'gap':
      return say(GAPS.get(event.why) ?? 'log.gap_unknown', { count: event.to - event.from + 1 });
    default:
      throw new TypeError(event.type);
  }
}
