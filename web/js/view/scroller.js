//! The part of the room that scrolls: it stays at its end while the person is there.

import { say } from '../text/say.js';
import { button, element } from './element.js';

/** How near to the end counts as there, in CSS pixels. */
const NEAR_PX = 48;

/** The scrolling part, with the button that leads back to its end. */
export class Scroller {
  #log;
  #isAtEnd = true;
  /** How far one could scroll when it was looked at last, in CSS pixels. */
  #range = 0;
  #jump = button('small jump with-icon icon-down', '', () => this.#jumpToEnd());

  /**
   * @param {import('./log.js').Log} log
   * @param {...Node} others what stands below it
   */
  constructor(log, ...others) {
    this.#log = log;
    log.scroller = this;
    this.area = element('div', { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': say('room.log_label') }, log.root, ...others);
    this.#jump.hidden = true;
    this.root = element('div', { class: 'scroller-frame' }, this.area, this.#jump);
    this.area.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.area.addEventListener('focus', () => log.reply.prepare());
    const observer = new ResizeObserver(() => this.follow());
    for (const part of this.area.children) observer.observe(part);
    observer.observe(this.area);
  }

  /** Something changed: stays at the end, or offers the way there. */
  follow() {
    if (this.#isAtEnd) this.#goTo(this.#log.unseenTop);
    this.offer();
  }

  /** Goes to the end. */
  toEnd() {
    this.#goTo(Infinity);
    this.offer();
  }

  /** Does `change` above `anchor`; who reads there sees nothing move. */
  hold(anchor, change) {
    if (this.#isAtEnd) {
      change();
      return;
    }
    const before = anchor.getBoundingClientRect().top;
    change();
    // Most browsers have seen to it already, and then there is nothing left to do.
    const moved = anchor.getBoundingClientRect().top - before;
    if (moved !== 0) this.area.scrollTop += moved;
  }

  /** Puts the focus here. */
  focus() {
    this.area.focus({ preventScroll: true });
  }

  /** Offers the way to the end, where it is out of sight, and says what is there. */
  offer() {
    this.#jump.hidden = this.#isAtEnd;
    const { unread } = this.#log;
    const words = unread > 0 ? say('room.jump_new', { count: unread }) : say('room.jump');
    if (this.#jump.textContent !== words) this.#jump.textContent = words;
  }

  #jumpToEnd() {
    // The button goes away.
    this.focus();
    this.toEnd();
  }

  /** Goes to the end, and not further than `top`. */
  #goTo(top) {
    this.area.scrollTop = Math.min(this.area.scrollHeight, top);
    this.#look();
  }

  #scrolled() {
    const { scrollHeight, clientHeight } = this.area;
    // Where its size changed too, nobody has gone away from the end: the observer follows in a moment.
    if (this.#isAtEnd && scrollHeight - clientHeight !== this.#range) return;
    this.#look();
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.area;
    this.#range = scrollHeight - clientHeight;
    this.#isAtEnd = this.#range - scrollTop <= NEAR_PX;
    this.#log.reach(this.#isAtEnd);
    this.offer();
  }
}
