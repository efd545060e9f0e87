//! Where one writes.

import { Recall } from '../core/recall.js';
import { say } from '../text/say.js';
import { Completer } from './completer.js';
import { element } from './element.js';

/** The field for a message: Enter sends, Shift+Enter breaks the line, Tab completes, the up arrow brings back what was sent. */
export class Composer {
  #input = element('textarea', {
    id: 'message', class: 'composer-input', rows: '1', dir: 'auto', placeholder: say('composer.placeholder'),
    'aria-describedby': 'message-hint message-error', enterkeyhint: 'send', autocomplete: 'off',
  });
  #error = element('p', { id: 'message-error', class: 'composer-error', role: 'alert' });
  #completed = element('p', { class: 'visually-hidden', role: 'status' });
  #send;
  #drafted;
  #recall = new Recall();

  /**
   * @param {{draft: string, send: (text: string) => string | null, drafted: (draft: string) => void, nicks: () => string[]}}
   * options what is written there already; `send` returns what is wrong as a sentence, or `null` where the text was taken;
   * `drafted` is told whatever is written; `nicks` are those that Tab completes
   */
  constructor({ draft, send, drafted, nicks }) {
    this.#input.value = draft;
    this.#send = send;
    this.#drafted = drafted;
    this.root = element('form', { class: 'composer', novalidate: '' },
      this.#error,
      element('div', { class: 'composer-row' },
        element('label', { for: 'message', class: 'visually-hidden' }, say('composer.label')), this.#input,
        element('button', { type: 'submit', class: 'button primary composer-send' }, say('composer.send'))),
      element('p', { id: 'message-hint', class: 'composer-hint' }, say('composer.hint')), this.#completed);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener('keydown', (event) => {
      if (event.shiftKey || event.isComposing) return;
      if (event.key === 'Enter') {
        event.preventDefault();
        this.#submit();
      } else if (this.#isRecalled(event)) event.preventDefault();
    });
    this.#input.addEventListener('input', () => this.#changed());
    new Completer(this.#input, nicks, (word, number, count) => {
      this.#changed();
      this.#completed.textContent = say('composer.completed', { word, number, count });
    });
  }

  /** Puts the cursor into the field. */
  focus() {
    this.#fit();
    this.#input.focus();
  }

  /** Begins with `text`, before what is written already. */
  quote(text) {
    this.#input.value = text + this.#input.value;
    this.#changed();
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
    this.focus();
  }

  /** What was taken as `text` is wrong after all. It stands here again, unless something else does already. */
  refuse(text, sentence) {
    if (this.#input.value === '') {
      this.#input.value = text;
      this.#changed();
    }
    this.#error.textContent = sentence;
  }

  #changed() {
    this.#error.textContent = '';
    this.#completed.textContent = '';
    this.#fit();
    this.#drafted(this.#input.value);
  }

  #submit() {
    this.#error.textContent = '';
    // First, because a command may move the focus.
    this.focus();
    const text = this.#input.value.trimEnd();
    if (text === '') return;
    const wrong = this.#send(text);
    if (wrong === null) {
      this.#recall.add(text);
      this.#input.value = '';
      this.#changed();
    } else this.#error.textContent = wrong;
  }

  /** Whether an arrow put something else here that was written before. */
  #isRecalled({ key, ctrlKey, altKey, metaKey }) {
    if (!['ArrowUp', 'ArrowDown'].includes(key) || ctrlKey || altKey || metaKey) return false;
    const { value, selectionStart, selectionEnd } = this.#input;
    const isUp = key === 'ArrowUp';
    // The cursor goes through the lines first.
    if (selectionStart !== selectionEnd || (isUp ? value.slice(0, selectionEnd) : value.slice(selectionEnd)).includes('\n')) return false;
    const text = this.#recall.step(isUp ? -1 : 1, value);
    if (text === null) return false;
    this.#input.value = text;
    this.#changed();
    return true;
  }

  /** The field grows with its text, as far as its style lets it. */
  #fit() {
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight + this.#input.offsetHeight - this.#input.clientHeight}px`;
  }
}
