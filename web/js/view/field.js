//! A labelled line of input with room for a hint and for what is wrong.

import { element } from './element.js';

/** The field and its parts. */
export class Field {
  #error;

  /**
   * @param {string} id
   * @param {{label: string, hint?: string}} texts
   * @param {Record<string, string>} [attributes] of the input
   */
  constructor(id, { label, hint }, attributes = {}) {
    const describedBy = hint ? `${id}-hint ${id}-error` : `${id}-error`;
    this.input = element('input', {
      id, class: 'field-input', type: 'text', 'aria-describedby': describedBy, spellcheck: 'false', ...attributes,
    });
    this.#error = element('p', { id: `${id}-error`, class: 'field-error', role: 'alert' });
    this.root = element('div', { class: 'field' }, element('label', { for: id, class: 'field-label' }, label), this.input);
    if (hint) this.root.append(element('p', { id: `${id}-hint`, class: 'field-hint' }, hint));
    this.root.append(this.#error);
    this.input.addEventListener('input', () => this.clearError());
  }

  get value() {
    return this.input.value;
  }

  set value(text) {
    this.input.value = text;
  }

  /** Says what is wrong and puts the cursor there. */
  showError(sentence) {
    this.#error.textContent = sentence;
    this.input.setAttribute('aria-invalid', 'true');
    this.input.focus();
    // The focus brings the field into sight alone.
    this.#error.scrollIntoView({ block: 'nearest' });
  }

  /** Nothing is wrong any more. */
  clearError() {
    this.#error.textContent = '';
    this.input.removeAttribute('aria-invalid');
  }
}
