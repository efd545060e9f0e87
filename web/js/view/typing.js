//! Who is typing.

import { say } from '../text/say.js';
import { element, nickElement } from './element.js';

/** One line that keeps its height, so that the log doesn't jump. */
export class Typing {
  constructor() {
    this.root = element('p', { class: 'typing' });
  }

  /** Names those who type; nobody empties the line. */
  show(nicks) {
    const [a, b] = nicks.map(nickElement);
    if (nicks.length === 0) this.root.replaceChildren();
    else if (nicks.length === 1) this.root.replaceChildren(...say('typing.one', { a }));
    else if (nicks.length === 2) this.root.replaceChildren(...say('typing.two', { a, b }));
    else this.root.replaceChildren(say('typing.many'));
  }
}
