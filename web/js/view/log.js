//! What was said and what happened, newest last. What comes waits for the next frame: a burst is drawn once a frame.

import { Backlog } from '../core/backlog.js';
import { APART_MAX, Flow } from '../core/flow.js';
import { Unread } from '../core/unread.js';
import { now } from '../io/clock.js';
import { beforeNextFrame } from '../io/frame.js';
import { say } from '../text/say.js';
import { element } from './element.js';
import { Fold } from './fold.js';
import { DayLine, lineElement, newMark } from './line.js';
import { messageElement } from './message.js';
import { Reply } from './reply.js';

/** The most lines on the screen; the oldest go first. */
export const LINES_MAX = 1000;

/** As much of what was seen is left in sight above what wasn't, in CSS pixels. */
const ABOVE_PX = 48;

/** The most lines that a frame adds; to lay them out takes longer than to make them. */
const FRAME_LINES = 32;

/** The time of a frame that is spent on making lines, in milliseconds. */
const FRAME_MS = 8;

/** The log of a room. */
export class Log {
  #words;
  #flow = new Flow();
  #unread = new Unread();
  #backlog = new Backlog(LINES_MAX);
  #isDue = false;
  /** What was there before one came is no news. */
  #isReplay = true;
  /** What stands one below the other; `size` in lines. */
  #rows = [];
  #size = 0;
  #days = [];
  /** Stands above what is left, once lines were taken off. */
  #head = element('div', { class: 'log-head', 'aria-live': 'off', hidden: '' }, lineElement('event', say('log.trimmed')));
  #mark = { root: newMark(), size: 0 };
  /** Where it is seen, which is told when lines come and go; a `Scroller` puts itself here. */
  scroller;

  /**
   * @param {import('./words.js').Words} words
   * @param {{quote: (quote: string) => void, leave: () => void}} composer begins a reply; goes back to where one writes
   */
  constructor(words, { quote, leave }) {
    this.#words = words;
    this.root = element('div', {
      class: 'log', role: 'log', 'aria-live': 'off', 'aria-relevant': 'additions', 'aria-label': say('room.log_label'),
    }, this.#head);
    this.reply = new Reply(this.root, quote, leave);
  }

  /** How many messages the person hasn't seen. */
  get unread() {
    return this.#unread.count;
  }

  /** How far one may scroll down to where the unread begin, in CSS pixels, while the page can't be seen. */
  get unseenTop() {
    return !this.#unread.isShown && this.#mark.root.isConnected ? this.#mark.root.offsetTop - ABOVE_PX : Infinity;
  }

  /**
   * Adds a message.
   * @param {{from: number | string, nick: string, code?: string, text: string, ts: number, offClock?: boolean, own: boolean}} message
   * as `messageElement` has it
   */
  addMessage(message) {
    this.#add({ ...message, isFirstNew: !this.#isReplay && !message.own && this.#unread.arrive() });
  }

  /**
   * Adds a line of the room's own.
   * @param {string} kind `event` for what people do, `warning` for what is missing
   * @param {string | (Node | string)[]} sentence
   * @param {number} [ts]
   * @param {'joined' | 'left' | 'renamed'} [fold] what somebody does, where many such lines may fold
   */
  addLine(kind, sentence, ts, fold) {
    this.#add({ kind, sentence, ts, fold });
  }

  /** From here on, what comes is news. */
  goLive() {
    this.#isReplay = false;
  }

  /** The page comes into sight, or goes out of it. */
  show(isShown) {
    if (this.#unread.show(isShown)) this.#removeMark();
    this.sayDays();
    this.scroller.offer();
  }

  /** The log's end comes into sight, or goes out of it. */
  reach(isAtEnd) {
    this.#unread.reach(isAtEnd);
  }

  /** The person writes. */
  write() {
    if (this.#unread.write()) this.#removeMark();
  }

  /** Days are called today and yesterday as long as they are. */
  sayDays() {
    for (const day of this.#days) day.say(now());
  }

  #add(entry) {
    this.#backlog.add({ ...entry, isReplay: this.#isReplay });
    if (this.#isDue) return;
    this.#isDue = true;
    beforeNextFrame(() => this.#flush());
  }

  #flush() {
    this.#isDue = false;
    // Asked before anything changes: where the focus is depends on styles.
    const hadFocus = this.root.contains(document.activeElement);
    const { isReplay } = this.#backlog.next;
    // Read out is only what comes while one is here.
    this.root.setAttribute('aria-live', isReplay ? 'off' : 'polite');
    if (this.#backlog.takeLoss()) this.#clear();
    this.#append(isReplay);
    this.#trim();
    if (hadFocus && !this.root.contains(document.activeElement)) this.scroller.focus();
    this.scroller.follow();
    if (this.#backlog.next === undefined) return;
    this.#isDue = true;
    beforeNextFrame(() => this.#flush());
  }

  #append(isReplay) {
    const until = now() + FRAME_MS;
    const rows = new DocumentFragment();
    for (let left = FRAME_LINES; left > 0 && this.#backlog.next?.isReplay === isReplay && now() < until; left -= 1) {
      this.#place(this.#backlog.take(), rows);
    }
    this.root.append(rows);
  }

  #place(entry, rows) {
    const { begins, follows, folds } = this.#flow.place(entry, now());
    if (begins) this.#placeDay(entry.ts, rows);
    if (entry.isFirstNew) {
      this.#removeMark();
      this.#push(this.#mark, rows);
    }
    if (entry.from === undefined) this.#placeLine(entry, folds, rows);
    else {
      const root = messageElement(entry, follows, this.#words.body(entry.text));
      this.reply.know(root, entry);
      this.#push({ root, size: 1 }, rows);
    }
  }

  #placeDay(ts, rows) {
    const day = new DayLine(ts);
    day.say(now());
    this.#days.push(day);
    this.#push({ root: day.root, size: 1, day }, rows);
  }

  #placeLine({ kind, sentence, ts, fold }, folds, rows) {
    const root = lineElement(kind, sentence, ts);
    if (!folds) {
      this.#push({ root, size: 1, fold }, rows);
      return;
    }
    if (!(this.#rows.at(-1) instanceof Fold)) this.#rows.push(new Fold(this.#rows.splice(-APART_MAX)));
    const row = this.#rows.at(-1);
    this.#size -= row.size;
    row.add(fold, root);
    this.#size += row.size;
  }

  #push(row, rows) {
    this.#rows.push(row);
    this.#size += row.size;
    rows.append(row.root);
  }

  #trim() {
    const gone = [];
    while (this.#size > LINES_MAX) {
      const row = this.#rows.shift();
      this.#size -= row.size;
      if (row !== this.#mark) gone.push(row);
    }
    if (gone.length === 0) return;
    this.scroller.hold(this.#rows[0].root, () => this.#takeOff(gone));
  }

  /** Takes rows off the top. The day and the mark that what is left stands under stay there. */
  #takeOff(gone) {
    for (const { root } of gone) root.remove();
    const last = gone.findLast(({ day }) => day);
    if (last !== undefined) {
      this.#head.replaceChildren(this.#head.firstChild, last.root);
      this.#days = this.#days.slice(this.#days.indexOf(last.day));
    }
    this.#head.hidden = false;
  }

  /** So much came at once that nothing is left of what was there. */
  #clear() {
    this.#flow.cut();
    this.#takeOff(this.#rows.splice(0).filter((row) => row !== this.#mark));
    this.#size = 0;
  }

  #removeMark() {
    this.#rows = this.#rows.filter((row) => row !== this.#mark);
    this.#mark.root.remove();
  }
}
