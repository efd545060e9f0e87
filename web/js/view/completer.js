//! Tab in a field completes the word before the cursor. Where there is nothing more to offer it moves the focus, as always.

import { completionsAt } from '../core/completion.js';

/** Completes words in a field. */
export class Completer {
  #input;
  #nicks;
  #completed;
  /** The words that are offered, `-1` being the one that was written. */
  #offer = null;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {() => string[]} nicks of those who may be mentioned
   * @param {(word: string, number: number, count: number) => void} completed is told what stands there now, and which of how many
   */
  constructor(input, nicks, completed) {
    this.#input = input;
    this.#nicks = nicks;
    this.#completed = completed;
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab' || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (this.#step(event.shiftKey ? -1 : 1)) event.preventDefault();
    });
  }

  /** Whether there was another word to offer. */
  #step(by) {
    const { value, selectionStart: caret, selectionEnd } = this.#input;
    if (caret !== selectionEnd) return false;
    if (this.#offer?.value !== value || this.#offer.caret !== caret) {
      const completions = completionsAt(value, caret, this.#nicks());
      this.#offer = completions && { ...completions, written: value.slice(completions.from, caret), at: -1, value, caret };
    }
    const at = this.#offer === null ? -2 : this.#offer.at + by;
    // Not round and round: who goes through the page by keyboard must get out of here.
    if (at < -1 || at >= this.#offer.words.length) return false;
    this.#put(at);
    return true;
  }

  #put(at) {
    const { from, words, written, caret } = this.#offer;
    const spaced = at < 0 || /^\s/.test(this.#input.value.slice(caret)) ? '' : ' ';
    this.#input.setRangeText((words[at] ?? written) + spaced, from, caret, 'end');
    Object.assign(this.#offer, { at, value: this.#input.value, caret: this.#input.selectionEnd });
    this.#completed(words[at] ?? written, at + 1, words.length);
  }
}
