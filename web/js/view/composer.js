//! Where one writes.

import { say } from '../text/say.js';
import { element } from './element.js';

/** The field for a message: Enter sends, Shift+Enter breaks the line. */
export class Composer {
  #input = element('textarea', {
    id: 'message', class: 'composer-input', rows: '1', dir: 'auto', placeholder: say('composer.placeholder'),
    'aria-describedby': 'message-hint message-error', enterkeyhint: 'send', autocomplete: 'off',
  });
  #error = element('p', { id: 'message-error', class: 'composer-error', role: 'alert' });
  #send;
  #drafted;

  /**
   * @param {{draft: string, send: (text: string) => string | null, drafted: (draft: string) => void}} options what is
   * written there already; `send` returns what is wrong as a sentence, or `null` where the text was taken; `drafted` is told
   * whatever is written
   */
  constructor({ draft, send, drafted }) {
    this.#input.value = draft;
    this.#send = send;
    this.#drafted = drafted;
    this.root = element('form', { class: 'composer', novalidate: '' },
      this.#error,
      element('div', { class: 'composer-row' },
        element('label', { for: 'message', class: 'visually-hidden' }, say('composer.label')), this.#input,
        element('button', { type: 'submit', class: 'button primary composer-send' }, say('composer.send'))),
      element('p', { id: 'message-hint', class: 'composer-hint' }, say('composer.hint')));
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener('input', () => {
      this.#error.textContent = '';
      this.#fit();
      drafted(this.#input.value);
    });
  }

  /** Puts the cursor into the field. */
  focus() {
    this.#fit();
    this.#input.focus();
  }

  #submit() {
    this.#error.textContent = '';
    const text = this.#input.value.trimEnd();
    if (text !== '') {
      const wrong = this.#send(text);
      if (wrong === null) {
        this.#input.value = '';
        this.#drafted('');
      } else this.#error.textContent = wrong;
    }
    this.focus();
  }

  /** The field grows with its text, as far as its style lets it. */
  #fit() {
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight + this.#input.offsetHeight - this.#input.clientHeight}px`;
  }
}
