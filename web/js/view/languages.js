//! The languages to choose from.

import { language, languages, say } from '../text/say.js';
import { button, element } from './element.js';

/** A button for each language, in that language. */
export class Languages {
  /** @param {(code: string) => void} speak */
  constructor(speak) {
    this.root = element('div', { class: 'languages', role: 'group', 'aria-label': say('landing.languages') });
    for (const { code, name } of languages()) {
      const choose = button('plain small', name, () => speak(code));
      choose.lang = code;
      choose.setAttribute('aria-pressed', String(code === language()));
      this.root.append(choose);
    }
  }

  /** The cursor is where it was when the language was chosen. */
  focus() {
    this.root.querySelector('[aria-pressed="true"]').focus();
  }
}
