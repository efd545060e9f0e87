//! How long the room still lives: quietly in the bar, and aloud where it is soon over.

import { weekdayAndTime } from '../text/moment.js';
import { say } from '../text/say.js';
import { element } from './element.js';

/** The places where it stands. */
export class Life {
  /** For the bar. */
  short = element('span', { class: 'life' });
  /** For where there is more room. */
  long = element('p', { class: 'panel-text' });
  /** For those who hear the page: what counts down isn't read out each minute. */
  spoken = element('p', { class: 'visually-hidden', role: 'status' });

  /**
   * @param {number} ends in milliseconds since 1970, by one's own clock
   * @param {{hours: number, minutes: number, isOver: boolean, isSoon: boolean, isToBeSaid: boolean}} left as `Lifetime` has it
   */
  show(ends, { hours, minutes, isOver, isSoon, isToBeSaid }) {
    this.short.textContent = isOver ? say('life.over') : say('life.left', { hours, minutes });
    this.short.classList.toggle('soon', isSoon);
    this.long.textContent = say('life.long', { moment: weekdayAndTime(ends) });
    if (isToBeSaid) this.spoken.textContent = say('life.soon', { minutes });
  }
}
