//! One's own messages that were not seen back yet: they stand below the log until they take their place in it.

import { say } from '../text/say.js';
import { button, element } from './element.js';

/** The tail of what was sent. */
export class Pending {
  #messages = new Map();
  #words;
  #sendAgain;
  #lost;
  #sentence = '';

  /**
   * @param {import('./words.js').Words} words
   * @param {(text: string) => boolean} sendAgain what the button does; whether it was taken
   * @param {() => void} lost leads the focus on, from a button that goes
   */
  constructor(words, sendAgain, lost) {
    this.#words = words;
    this.#sendAgain = sendAgain;
    this.#lost = lost;
    this.root = element('div', { class: 'pending-list', role: 'group', 'aria-label': say('room.pending_label') });
  }

  /** A message was sent. */
  add(id, text) {
    const state = element('p', { class: 'message-state' }, this.#sentence);
    const root = element('div', { class: 'message own pending' }, this.#words.body(text), state);
    this.#messages.set(id, { root, state, text });
    this.root.append(root);
  }

  /** Whether `id` is still here. Takes it away and returns its text, or `null`. */
  take(id) {
    const message = this.#messages.get(id);
    if (!message) return null;
    const isLost = message.root.contains(document.activeElement);
    message.root.remove();
    this.#messages.delete(id);
    if (isLost) this.#lost();
    return message.text;
  }

  /** What they wait for. */
  explain(sentence) {
    this.#sentence = sentence;
    for (const { root, state } of this.#messages.values()) {
      if (!root.classList.contains('doubtful')) state.textContent = sentence;
    }
  }

  /** `id` failed, or may have: the person decides. */
  offer(id, sentence) {
    const message = this.#messages.get(id);
    if (!message) return;
    message.root.classList.add('doubtful');
    message.state.textContent = sentence;
    message.state.append(
      button('small', say('message.send_again'), () => this.#sendAgain(message.text) && this.take(id)),
      button('small', say('message.discard'), () => this.take(id)),
    );
  }
}
