//! What a new room is to be like.

import { choicesOf, wishesOf } from '../core/offer.js';
import { say } from '../text/say.js';
import { element } from './element.js';

/** What is asked of each wish, and how its values are said. */
const SPOKEN = {
  ttl_s: { question: 'options.ttl', answer: (seconds) => say('options.ttl_value', { seconds }) },
  max: { question: 'options.max', answer: (count) => say(count === 0 ? 'options.max_none' : 'options.max_value', { count }) },
  history: {
    question: 'options.history',
    answer: (count, { max }) => {
      if (count === 0) return say('options.history_none');
      return count === max ? say('options.history_all') : say('options.history_value', { count });
    },
  },
};

/** The wishes, out of the way until somebody has some. */
export class Options {
  #plain = element('input', { type: 'checkbox', id: 'plain', 'aria-describedby': 'plain-hint' });
  #selects = element('div', { class: 'options-selects' });
  #opts = null;
  /** What was chosen before there was anything to choose from. */
  #wanted = {};

  /** @param {boolean} sealing without encryption a plain room is all there is, and still has to be chosen */
  constructor(sealing) {
    this.#plain.required = !sealing;
    this.root = element('details', { class: 'options' }, element('summary', {}, say('options.heading')), this.#selects,
      element('p', { class: 'options-plain' }, this.#plain, element('label', { for: 'plain' }, say('options.plain'))),
      element('p', { class: 'field-hint', id: 'plain-hint' }, say('options.plain_hint')));
    this.root.open = !sealing;
  }

  /** Whether what has to be chosen isn't. */
  get isLacking() {
    return this.#plain.required && !this.#plain.checked;
  }

  /** What is wished. */
  get wishes() {
    return { plain: this.#plain.checked, opts: this.#opts === null ? undefined : wishesOf(this.#opts, this.#chosen) };
  }

  /** What other options go on with. */
  get typed() {
    return { plain: this.#plain.checked, open: this.root.open, chosen: { ...this.#wanted, ...this.#chosen } };
  }

  /** Goes on with what was chosen. */
  goOn({ plain, open, chosen }) {
    this.#plain.checked = plain;
    this.root.open = open;
    this.#wanted = chosen;
    if (this.#opts !== null) this.offer(this.#opts);
  }

  /** Offers what the server allows; `opts` as `readInfo` has it. */
  offer(opts) {
    this.#opts = opts;
    this.#selects.replaceChildren(...Object.keys(SPOKEN).map((wish) => {
      const { question, answer } = SPOKEN[wish];
      const id = `option-${wish}`;
      const select = element('select', { id, name: wish, class: 'field-input' },
        ...choicesOf(wish, opts[wish]).map((choice) => element('option', { value: choice }, answer(choice, opts[wish]))));
      select.value = this.#wanted[wish] ?? opts[wish].default;
      return element('div', { class: 'field' }, element('label', { for: id, class: 'field-label' }, say(question)), select);
    }));
  }

  get #chosen() {
    const selects = Array.from(this.#selects.querySelectorAll('select'));
    return Object.fromEntries(selects.map(({ name, value }) => [name, Number(value)]));
  }
}
