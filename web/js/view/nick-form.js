//! Choosing another name.

import { parseNick, ParseNickError } from '../core/nick.js';
import { say, sayError } from '../text/say.js';
import { element } from './element.js';
import { Field } from './field.js';

/** A name, and a button that takes it once it is one. */
export class NickForm {
  #field;
  #take;

  /**
   * @param {string} id of the field
   * @param {string} label of the button
   * @param {(nick: string) => void} take
   * @param {...Node} others that stand beside the button
   */
  constructor(id, label, take, ...others) {
    this.#take = take;
    this.#field = new Field(id, { label: say('people.rename_label') }, { autocomplete: 'off' });
    this.root = element('form', { class: 'people-form', novalidate: '' }, this.#field.root,
      element('div', { class: 'button-row' }, element('button', { type: 'submit', class: 'button small primary' }, label), ...others));
    this.root.addEventListener('submit', (event) => this.#submit(event));
  }

  /** Begins with `nick`, and the cursor in it. */
  open(nick) {
    this.#field.value = nick;
    this.#field.clearError();
    this.#field.input.focus();
    this.#field.input.select();
  }

  /** Says what is wrong. */
  showError(sentence) {
    this.#field.showError(sentence);
  }

  #submit(event) {
    event.preventDefault();
    try {
      this.#take(parseNick(this.#field.value.trim(), { plain: true }));
    } catch (error) {
      if (!(error instanceof ParseNickError)) throw error;
      this.showError(sayError('nick', error.code, error));
    }
  }
}
