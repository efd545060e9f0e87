//! A button that copies what stands in a field.

import { copyText } from '../io/clipboard.js';
import { say } from '../text/say.js';
import { button, element } from './element.js';

/** How long "Copied" stands, in milliseconds. */
const COPIED_MS = 3000;

/** The button, and the sentence that belongs below it. */
export class CopyButton {
  #label;
  #field;
  #copied;
  #timer = 0;

  /**
   * @param {string} kind the button's class
   * @param {string} label
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {() => void} copied is told whenever it was, from the field itself as well
   */
  constructor(kind, label, field, copied) {
    this.#label = label;
    this.#field = field;
    this.#copied = copied;
    this.root = button(`with-icon icon-copy ${kind}`, label, () => this.#copy());
    this.state = element('p', { class: 'share-state', role: 'status' });
    field.addEventListener('focus', () => field.select());
    field.addEventListener('copy', copied);
  }

  async #copy() {
    clearTimeout(this.#timer);
    if (await copyText(this.#field.value)) {
      this.#show(true, say('share.copied'));
      this.#timer = setTimeout(() => this.#show(false, ''), COPIED_MS);
      this.#copied();
    } else {
      this.#show(false, say('share.copy_failed'));
      this.#field.closest('details')?.setAttribute('open', '');
      this.#field.focus();
      this.#field.select();
    }
  }

  /** What the button shows already is for those who hear it only. */
  #show(isDone, sentence) {
    this.root.classList.toggle('icon-check', isDone);
    this.root.classList.toggle('icon-copy', !isDone);
    this.root.textContent = isDone ? sentence : this.#label;
    this.state.classList.toggle('visually-hidden', isDone);
    this.state.textContent = sentence;
  }
}
