//! Leaving a room whose link nobody was given: the link, once more.

import { say } from '../text/say.js';
import { CopyButton } from './copy-button.js';
import { button, element } from './element.js';
import { sharedField } from './share.js';

/** The question, above everything else. Escape stays. */
export class Farewell {
  /**
   * @param {string} url
   * @param {() => void} given is told once the link was copied
   * @param {() => void} leave
   */
  constructor(url, given, leave) {
    const link = sharedField('farewell-link', url);
    const copy = new CopyButton('primary wide', say('share.copy'), link, given);
    copy.root.setAttribute('autofocus', '');
    this.root = element('dialog', { class: 'dialog', 'aria-labelledby': 'farewell-heading', 'aria-describedby': 'farewell-text' },
      element('h2', { id: 'farewell-heading', class: 'dialog-heading' }, say('farewell.heading')),
      element('p', { id: 'farewell-text', class: 'share-explain' }, say('farewell.text')),
      element('label', { class: 'visually-hidden', for: link.id }, say('share.label')), link, copy.root, copy.state,
      element('div', { class: 'button-row dialog-buttons' },
        button('', say('farewell.stay'), () => this.root.close()), button('', say('farewell.leave'), leave)));
    // Escape closes this, and nothing behind it.
    this.root.addEventListener('keydown', (event) => event.stopPropagation());
  }

  /** Asks. The focus comes back to where it was. */
  open() {
    this.root.showModal();
  }
}
