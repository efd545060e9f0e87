//! The invite link and the token, to be seen, selected, copied and handed on.

import { canShare, shareUrl } from '../io/share-sheet.js';
import { say } from '../text/say.js';
import { CopyButton } from './copy-button.js';
import { button, element } from './element.js';

/** The invitation, and the ways to hand it on. */
export class Share {
  #url;
  #given;
  #state = element('p', { class: 'share-state', role: 'status' });
  #qr = element('div', { class: 'share-qr', hidden: '' });
  #showQr = button('small', say('share.show_qr'), () => this.#toggleQr());

  /**
   * @param {string} id of the link's field, and what those of other elements begin with
   * @param {{url: string, token: string}} invitation
   * @param {() => void} given is told once somebody may have it
   */
  constructor(id, { url, token }, given) {
    this.#url = url;
    this.#given = given;
    const link = sharedField(id, url);
    const bare = sharedField(`${id}-token`, token);
    const copyLink = new CopyButton('primary wide', say('share.copy'), link, given);
    const copyToken = new CopyButton('small', say('share.copy_token'), bare, given);
    this.#qr.id = `${id}-qr`;
    this.#showQr.setAttribute('aria-controls', this.#qr.id);
    this.#showQr.setAttribute('aria-expanded', 'false');
    const ways = element('div', { class: 'share-ways' }, copyToken.root, this.#showQr);
    if (canShare()) ways.prepend(button('small', say('share.system'), () => this.#shareLink()));
    this.root = element('div', { class: 'share' },
      element('p', { class: 'share-explain' }, say('share.explain')),
      element('label', { class: 'visually-hidden', for: id }, say('share.label')), link, copyLink.root, copyLink.state,
      ways, copyToken.state, this.#state, this.#qr,
      element('details', { class: 'share-more' }, element('summary', {}, say('share.more')),
        element('p', { class: 'share-explain' }, say('share.reveals_link')),
        element('p', { class: 'share-explain' }, say('share.reveals_token')),
        element('label', { class: 'field-label', for: bare.id }, say('share.token_label')), bare));
  }

  async #shareLink() {
    const outcome = await shareUrl(this.#url);
    if (outcome === 'shared') this.#given();
    this.#state.textContent = outcome === 'failed' ? say('share.system_failed') : '';
  }

  /** Drawn here, by what few need and is loaded for them: no server may be told of the link. */
  async #toggleQr() {
    const show = this.#qr.hidden;
    if (show && this.#qr.childElementCount === 0) {
      const { qrElement } = await import('./qr.js').catch(() => ({ qrElement: () => null }));
      this.#qr.replaceChildren(qrElement(this.#url) ?? say('share.qr_failed'));
    }
    this.#qr.hidden = !show;
    this.#showQr.setAttribute('aria-expanded', String(show));
    this.#showQr.textContent = say(show ? 'share.hide_qr' : 'share.show_qr');
    if (!show) return;
    // A part of it is of no use to a camera.
    this.#qr.scrollIntoView({ block: 'nearest' });
    if (this.#qr.childElementCount > 0) this.#given();
  }
}

/** A field that holds what is shared. */
export function sharedField(id, text) {
  const field = element('textarea', { id, class: 'field-input shared', rows: '2', readonly: '', spellcheck: 'false' });
  field.value = text;
  return field;
}
