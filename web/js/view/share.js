//! The invite link, to be seen, selected and copied.

import { copyText } from '../io/clipboard.js';
import { say } from '../text/say.js';
import { button, element } from './element.js';

/** How long "Copied" stands, in milliseconds. */
const COPIED_MS = 3000;

/** The invite link with its button. */
export class Share {
  #link;
  #copy;
  #showQr;
  #qr = element('div', { class: 'share-qr', hidden: '' });
  #state = element('p', { class: 'share-state', role: 'status' });
  #timer = 0;

  /**
   * @param {string} id of the field
   * @param {string} url
   */
  constructor(id, url) {
    this.#link = element('textarea', { id, class: 'field-input share-link', rows: '2', readonly: '', spellcheck: 'false' });
    this.#link.value = url;
    this.#link.addEventListener('focus', () => this.#link.select());
    this.#copy = button('primary with-icon icon-copy', say('share.copy'), () => this.#copyLink());
    this.#qr.id = `${id}-qr`;
    this.#showQr = button('', say('share.show_qr'), () => this.#toggleQr(url));
    this.#showQr.setAttribute('aria-controls', this.#qr.id);
    this.#showQr.setAttribute('aria-expanded', 'false');
    this.root = element('div', { class: 'share' },
      element('p', { class: 'share-explain' }, say('share.explain')),
      element('label', { class: 'visually-hidden', for: id }, say('share.label')),
      this.#link, this.#copy, this.#state, this.#showQr, this.#qr);
  }

  /** Drawn here, by what few need and is loaded for them: no server may be told of the link. */
  async #toggleQr(url) {
    const show = this.#qr.hidden;
    if (show && this.#qr.childElementCount === 0) {
      const { qrElement } = await import('./qr.js').catch(() => ({ qrElement: () => null }));
      this.#qr.replaceChildren(qrElement(url) ?? say('share.qr_failed'));
    }
    this.#qr.hidden = !show;
    this.#showQr.setAttribute('aria-expanded', String(show));
    this.#showQr.textContent = say(show ? 'share.hide_qr' : 'share.show_qr');
  }

  async #copyLink() {
    clearTimeout(this.#timer);
    if (await copyText(this.#link.value)) {
      this.#copy.classList.replace('icon-copy', 'icon-check');
      this.#copy.textContent = say('share.copied');
      this.#state.textContent = '';
      this.#timer = setTimeout(() => {
        this.#copy.classList.replace('icon-check', 'icon-copy');
        this.#copy.textContent = say('share.copy');
      }, COPIED_MS);
    } else {
      this.#link.focus();
      this.#link.select();
      this.#state.textContent = say('share.copy_failed');
    }
  }
}
