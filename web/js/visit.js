//! A visit to one room: the session, its connection, and what is seen of both.

import { encodeBase64url } from './core/base64url.js';
import { OF_THE_NICK, OF_THE_ROOM } from './core/closing.js';
import { Lifetime } from './core/lifetime.js';
import { learnLooks, looksLike } from './core/nick.js';
import { SendError } from './core/outbox.js';
import { Session } from './core/session.js';
import { inviteUrl } from './core/token.js';
import { now } from './io/clock.js';
import { Connection } from './io/connection.js';
import { rememberDraft, rememberedDraft, rememberStay } from './io/preferences.js';
import { randomBytes } from './io/random.js';
import { onVisibility } from './io/visibility.js';
import { obey, renameTo } from './order.js';
import { say, sayError } from './text/say.js';
import { nickElement } from './view/element.js';
import { RoomView } from './view/room.js';

/** The session key's length in bytes. */
const KEY_BYTES = 16;

/** The random part of the ids of sends: a reloaded page has the key of an earlier one, whose ids it must not use again. */
const IDS_BYTES = 6;

/** Why events are missing, as sentences. */
const GAPS = new Map([['slow', 'log.gap_slow'], ['expired', 'log.gap_expired']]);

/** Turns the session's events into what is seen, and the person's doing into what the session is asked. */
export class Visit {
  #session;
  #connection;
  #view;
  #wire;
  #stay;
  #people = [];
  #outcome;
  #entered = false;
  #arrival = 'first';
  #lifetime = new Lifetime();
  #skew = 0;
  /** The command that asked for another name, until that is answered. */
  #naming = null;
  #lifeTimer = 0;
  #over = new AbortController();
  /** Own messages that are shown although the log hasn't come to them yet. */
  #early = new Map();

  /**
   * @param {{token: string, nick: string, key?: string, attempt?: number, isNew?: boolean, isGiven?: boolean,
   *   createKey?: string, wire?: import('./core/sealed-wire.js').SealedWire, page: string, address: string, entered: (view: RoomView) => void,
   *   refused: (code: string, values: object) => void, left: (nick: string, code: string) => void, settings: () => void,
   *   told: (message: object) => void,
   * }} options `key` and `attempt` are those of the stay that a reload goes on with; `isNew` is a room whose link nobody else
   * has seen, unless it `isGiven`; `createKey` is the server's key, for a reload that opens the room again; `page` is the page's URL, `address` the socket's. `entered` is told once the room can be
   * shown, `refused` why it can't, `left` that the person goes back to the landing page, and why; `told` of each message, and
   * `settings` is what their button does.
   */
  constructor({
    token, nick, key = encodeBase64url(randomBytes(KEY_BYTES)), attempt, isNew = false, isGiven = false, createKey, wire, page, address,
    entered, refused, left, settings, told,
  }) {
    this.#stay = { token, key, isNew, isGiven, createKey };
    this.#wire = wire;
    this.#outcome = { entered, refused, left, told };
    this.#session = new Session({
      ...(wire === undefined ? { token } : { ...wire.room, frameSize: (id, text) => wire.frameSize(id, text) }),
      nick, key, attempt, jitter: Math.random, ids: encodeBase64url(randomBytes(IDS_BYTES)),
    });
    this.#connection = new Connection(this.#session, address, (event) => this.#show(event), wire);
    this.#view = new RoomView({
      invitation: { url: inviteUrl(page, token), token, isNew, isGiven },
      given: () => this.#give(),
      sealed: wire !== undefined,
      draft: rememberedDraft(),
      send: (text) => obey(text, (words) => this.#send(words), this.#deeds),
      sendAgain: (text) => this.#sendAgain(text),
      drafted: (draft) => {
        rememberDraft(draft);
        this.#connection.run((session, at) => session.typing(draft !== '', at));
      },
      rename: (wanted) => this.#rename(wanted),
      leave: () => this.leave('left'),
      settings,
      link: {
        wake: () => this.#connection.run((session, at) => session.wake(at)),
        start: (chosen) => this.start(chosen),
        back: (code) => this.leave(code),
      },
    });
    onVisibility((isShown) => this.#view.log.show(isShown), this.#over.signal);
  }

  /** Whether something that was sent was not seen back. */
  get isOutstanding() {
    return this.#session.isOutstanding;
  }

  /** What is seen of the room, before one is in. */
  get view() {
    return this.#view;
  }

  /** Comes in, or goes on, under another name perhaps. */
  start(nick) {
    this.#connection.run((session, at) => session.start(at, nick));
  }

  /** Leaves, because of `code`. */
  leave(code) {
    clearTimeout(this.#lifeTimer);
    this.#over.abort();
    this.#view.link.clear();
    this.#connection.run((session) => session.leave());
    this.#outcome.left(this.#session.nick, code);
  }

  #send(text) {
    try {
      const id = this.#connection.run((session) => session.send(text));
      this.#view.pending.add(id, text);
      this.#view.log.write();
      this.#view.scroller.toEnd();
      return null;
    } catch (error) {
      if (error instanceof SendError) return sayError('send', error.code, error);
      throw error;
    }
  }

  /** What the commands do; `/me` says something. */
  get #deeds() {
    const done = (deed) => () => {
      deed();
      return null;
    };
    return {
      nick: (argument) => renameTo(argument, (wanted) => this.#rename(wanted, `/nick ${argument}`)),
      who: done(() => this.#view.openPeople()),
      code: this.#wire === undefined ? () => say('command.code_plain') : done(() => this.#view.openPeople({ codes: true })),
      leave: done(() => this.#view.leave()),
      help: done(() => this.#view.help.open()),
    };
  }

  #rename(wanted, command = null) {
    if (wanted === this.#session.nick) return;
    this.#naming = command;
    this.#connection.run((session) => session.rename(wanted));
  }

  #showRenameError(sentence) {
    if (this.#naming === null) this.#view.people.showRenameError(sentence);
    else this.#view.composer.refuse(this.#naming, sentence);
    this.#naming = null;
  }

  #sendAgain(text) {
    const wrong = this.#send(text);
    if (wrong !== null) this.#view.notice.show(wrong);
    return wrong === null;
  }

  #show(event) {
    const { log, pending, typing } = this.#view;
    switch (event.type) {
      case 'state': return this.#showState(event);
      case 'welcome': return this.#showWelcome(event);
      case 'people': return this.#showPeople(event);
      case 'typing':
        this.#view.people.showTyping(event.sids);
        return typing.show(event.nicks);
      case 'acknowledged': return this.#settle(event);
      case 'unconfirmed': return pending.offer(event.id, sayError('unsure', this.#arrival));
      case 'refused': return pending.offer(event.id, sayError('error', event.code));
      case 'ending': return this.#view.notice.show(sayError('end', event.why));
      case 'error':
        if (OF_THE_NICK.has(event.code)) return this.#showRenameError(sayError('nick', event.code));
        return this.#view.notice.show(sayError('error', event.code, {}));
      case 'message':
        if (event.own && this.#isShown(event)) return undefined;
        if (event.own && event.id !== undefined) pending.take(event.id);
        this.#outcome.told({ ...event, mentioned: this.#view.words.callsOwn(event.text), replayed: this.#isHistory });
        return log.addMessage({ ...event, code: this.#isAmbiguous(event) ? event.code : undefined });
      default:
        if (event.type === 'renamed' && event.own) this.#becomeNamed();
        return log.addLine(WARNINGS.has(event.type) ? 'warning' : 'event', sentenceOf(event), event.ts, foldOf(event));
    }
  }

  /** What was said before the person came in; what was missed since is news. */
  get #isHistory() {
    return this.#arrival === 'first' && this.#session.state === 'replaying';
  }

  async #showPeople({ people, count }) {
    this.#people = people;
    this.#learnNicks();
    if (this.#wire !== undefined) await learnLooks(people.map(({ nick }) => nick ?? ''));
    if (people !== this.#people) return;
    this.#view.showPeople(people.map((person) => ({ ...person, ambiguous: this.#isAmbiguous(person) })), count);
    if (this.#wire === undefined) return;
    const code = await this.#wire.roomCode(people);
    if (people === this.#people) this.#view.people.showRoomCode(code);
  }

  /** Mentions are those of who is here. */
  #learnNicks() {
    const others = this.#people.filter(({ own, nick }) => !own && nick !== undefined).map(({ nick }) => nick);
    this.#view.words.know(others, this.#session.nick);
  }

  #becomeNamed() {
    this.#naming = null;
    this.#learnNicks();
    this.#remember();
  }

  /** Whether a nickname alone doesn't tell who somebody is. */
  #isAmbiguous({ nick, code }) {
    return code !== undefined && this.#people.some((other) => other.code !== code && looksLike(other.nick, nick));
  }

  #showWelcome({ arrival, room, serverNow }) {
    this.#entered = true;
    this.#arrival = arrival;
    this.#skew = serverNow - now();
    this.#lifetime.set(room.expires);
    if (arrival === 'forgotten') this.#view.log.addLine('event', say('log.joined_again'));
    if (arrival === 'reopened') {
      this.#early.clear();
      this.#view.log.addLine('warning', say('log.another_room'));
    }
    this.#showLife();
    this.#outcome.entered(this.#view);
  }

  #showLife() {
    clearTimeout(this.#lifeTimer);
    const left = this.#lifetime.at(now() + this.#skew);
    this.#view.life.show(this.#lifetime.expires - this.#skew, left);
    this.#view.log.sayDays();
    if (!left.isOver) this.#lifeTimer = setTimeout(() => this.#showLife(), left.nextMs);
  }

  /** The link is with somebody, or on its way. */
  #give() {
    this.#stay.isGiven = true;
    if (this.#entered) this.#remember();
  }

  #settle({ id, seq }) {
    const text = this.#view.pending.take(id);
    if (text === null) return;
    // It was taken, but its own place in the log was not shown.
    this.#early.set(seq, text);
    this.#view.log.addMessage({ from: '', nick: this.#session.nick, text, ts: now() + this.#skew, own: true });
  }

  #isShown({ seq, text }) {
    return this.#early.get(seq) === text && this.#early.delete(seq);
  }

  #showState({ state, code, retryMs, inMs }) {
    const { link, log, notice, pending } = this.#view;
    this.#view.showState(state);
    if (state === 'ended') return;
    pending.explain(say({ live: 'message.sending', stopped: 'message.stopped' }[state] ?? 'message.waiting'));
    if (this.#entered) this.#remember();
    if (state === 'live' || state === 'waiting' || state === 'stopped') notice.clear();
    if (state === 'live') {
      log.goLive();
      link.clear();
    } else if (state === 'waiting') link.wait(code, now() + inMs);
    else if (state === 'stopped') this.#showStopped(code, { retryS: retryMs === undefined ? undefined : retryMs / 1000 });
    else link.connect();
  }

  #showStopped(code, values) {
    if (this.#entered) {
      this.#view.link.stop(code, values, this.#session.nick);
      if (OF_THE_ROOM.has(code)) this.#view.showState('ended');
      return;
    }
    this.#over.abort();
    this.#connection.run((session) => session.leave());
    this.#outcome.refused(code, values);
  }

  /** A reload goes on with this. */
  #remember() {
    const { nick, attempt } = this.#session;
    rememberStay({ ...this.#stay, nick, attempt });
  }
}

/** What is missing or can't be trusted. */
const WARNINGS = new Set(['gap', 'missing', 'unverifiable', 'newer']);

/** What others do that need not be told one by one. */
const FOLDABLE = new Set(['joined', 'left', 'renamed']);

function foldOf({ type, own, verified }) {
  return FOLDABLE.has(type) && !own && verified !== false ? type : undefined;
}

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
      if (event.own) return say(event.why === 'timeout' ? 'log.left_own_timeout' : 'log.left_own');
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
