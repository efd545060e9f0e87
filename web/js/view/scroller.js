//! The part of the room that scrolls: it stays at its end while the person is there.

import { say } from '../text/say.js';
import { button, element } from './element.js';

/** How near to the end counts as there, in CSS pixels. */
const NEAR_PX = 48;

/** The scrolling part, with the button that leads back to its end. */
export class Scroller {
  #atEnd = true;
  #jump = button('small jump with-icon icon-down', say('room.jump'), () => {
    this.toEnd();
    // The button is gone now.
    this.area.focus();
  });

  /** @param {...Node} children */
  constructor(...children) {
    this.area = element('div', { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': say('room.log_label') }, ...children);
    this.#jump.hidden = true;
    this.root = element('div', { class: 'scroller-frame' }, this.area, this.#jump);
    this.area.addEventListener('scroll', () => {
      this.#atEnd = this.#distance <= NEAR_PX;
      if (this.#atEnd) this.#jump.hidden = true;
    }, { passive: true });
    new ResizeObserver(() => this.follow()).observe(this.area);
  }

  /** Something was added: stays at the end, or offers the way there. */
  follow() {
    if (this.#atEnd) this.toEnd();
    else this.#jump.hidden = this.#distance <= NEAR_PX;
  }

  /** Goes to the end. */
  toEnd() {
    this.area.scrollTop = this.area.scrollHeight;
    this.#atEnd = true;
    this.#jump.hidden = true;
  }

  get #distance() {
    return this.area.scrollHeight - this.area.scrollTop - this.area.clientHeight;
  }
}
