//! The way in: a name, and a new room or one that is there.

import { parseNick, ParseNickError } from '../core/nick.js';
import { parseToken, ParseTokenError, readInvite } from '../core/token.js';
import { language, languages, say, sayError } from '../text/say.js';
import { button, element } from './element.js';
import { Field } from './field.js';

/** The landing page, with or without an invitation. */
export class Landing {
  #nick = new Field('nick', { label: say('landing.nick_label'), hint: say('landing.nick_hint') }, {
    autocomplete: 'nickname', enterkeyhint: 'go', name: 'nick',
  });
  #token = new Field('token', { label: say('landing.token_label') }, {
    autocomplete: 'off', autocapitalize: 'none', enterkeyhint: 'go', placeholder: say('landing.token_example'), name: 'token',
  });
  #heading = element('h1', { class: 'landing-heading', tabindex: '-1' });
  #lead = element('p', { class: 'landing-lead' });
  #notice = element('p', { class: 'landing-notice', role: 'alert' });
  #first = element('button', { type: 'submit', class: 'button primary wide' });
  #second = element('button', { type: 'submit', class: 'button' }, say('landing.join'));
  #plain = element('input', { type: 'checkbox', id: 'plain' });
  #plainRow = element('p', { class: 'landing-plain' }, this.#plain, ' ',
    element('label', { for: 'plain' }, say('landing.plain_label')));
  #note = element('p', { class: 'landing-note' });
  #languages = element('div', { class: 'landing-languages', role: 'group', 'aria-label': say('landing.languages') });
  #reopens = false;
  #otherWay = button('plain', say('landing.other_way'), () => this.#forgetInvitation());
  #nickForm = element('form', { class: 'landing-form', novalidate: '' }, this.#nick.root, this.#plainRow, this.#first);
  #tokenForm = element('form', { class: 'landing-form', novalidate: '' });
  #actions;
  #host;
  #invited = null;

  /**
   * @param {{host: string, nick: string, sealing: boolean, create: (nick: string, plain: boolean) => void,
   *   join: (token: string, nick: string, how?: {create: boolean}) => void, speak: (language: string) => void, settings: () => void}}
   * options the host (with its port) whose links are one's own, the nick to begin with, whether this page can encrypt, and
   * what the buttons do
   */
  constructor({ host, nick, sealing, create, join, speak, settings }) {
    // Without encryption a plain room is offered, and still has to be chosen.
    if (!sealing) this.#plain.required = true;
    this.#note.textContent = say(sealing ? 'landing.note' : 'landing.cannot_seal');
    this.#note.classList.toggle('warning', !sealing);
    this.#actions = { create, join };
    this.#host = host;
    this.#nick.value = nick;
    this.#token.root.append(this.#second);
    this.#tokenForm.append(element('p', { class: 'landing-or' }, element('span', {}, say('landing.or'))), this.#token.root);
    this.root = element('main', { class: 'landing' },
      element('p', { class: 'brand' }, element('span', { class: 'brand-mark', 'aria-hidden': 'true' }), say('app.name')),
      this.#heading, this.#lead,
      element('div', { class: 'card' }, this.#notice, this.#nickForm, this.#tokenForm, this.#otherWay),
      this.#note, element('div', { class: 'landing-foot' }, this.#languages,
        button('plain small with-icon icon-settings open-settings', say('settings.heading'), settings)));
    for (const { code, name } of languages()) {
      const choose = button('plain small', name, () => speak(code));
      choose.lang = code;
      choose.setAttribute('aria-pressed', String(code === language()));
      this.#languages.append(choose);
    }
    this.#nickForm.addEventListener('submit', (event) => this.#submitNick(event));
    this.#tokenForm.addEventListener('submit', (event) => this.#submitToken(event));
    this.#nick.input.addEventListener('keydown', (event) => {
      // Who has pasted a token and presses Enter in the name doesn't want a new room.
      if (event.key !== 'Enter' || event.isComposing || this.#invited !== null || this.#token.value.trim() === '') return;
      event.preventDefault();
      this.#tokenForm.requestSubmit();
    });
    this.#arrange();
  }

  /** Somebody came by a link with this in its fragment. */
  invite(text) {
    try {
      this.#invited = parseToken(text);
    } catch (error) {
      if (!(error instanceof ParseTokenError)) throw error;
      this.#invited = null;
      this.#arrange();
      this.#token.value = text;
      this.#token.showError(sayError('token', error.code, error));
      return;
    }
    this.#arrange();
    this.focus();
  }

  /** The room isn't there: it can be opened again with the same token. */
  offerToOpen(token) {
    this.invite(token);
    this.#reopens = true;
    this.#arrange();
  }

  /** The token can't be right. */
  refuseToken(token, error) {
    this.#invited = null;
    this.#arrange();
    this.#token.value = token;
    this.#token.showError(sayError('token', error.code, error));
  }

  /** What a landing page in another language goes on with. */
  get typed() {
    return { nick: this.#nick.value, token: this.#token.value, plain: this.#plain.checked, invited: this.#invited, reopens: this.#reopens };
  }

  /** Goes on with what was typed, where the language was chosen. */
  goOn({ nick, token, plain, invited, reopens }) {
    [this.#nick.value, this.#token.value, this.#plain.checked] = [nick, token, plain];
    [this.#invited, this.#reopens] = [invited, reopens];
    this.#arrange();
    this.#languages.querySelector('[aria-pressed="true"]').focus();
  }

  /** Puts the cursor where something is to be typed. */
  focus() {
    if (this.#nick.value === '') this.#nick.input.focus();
    else this.#first.focus();
  }

  /** What is under way: `creating`, `joining` or nothing. */
  set busy(work) {
    for (const control of [this.#first, this.#second, this.#otherWay]) control.disabled = work !== null;
    this.root.setAttribute('aria-busy', String(work !== null));
    if (work === null) this.#arrange();
    else if (work === 'joining' && this.#invited === null) this.#second.textContent = say('landing.joining');
    else this.#first.textContent = say(work === 'creating' ? 'landing.creating' : 'landing.joining');
  }

  /** Says something above the fields. */
  showNotice(sentence) {
    this.#notice.textContent = sentence;
  }

  /** Says what is wrong with the name. */
  showNickError(sentence) {
    this.#nick.showError(sentence);
  }

  #arrange() {
    const invited = this.#invited !== null;
    this.#heading.textContent = say(invited ? 'landing.invited_heading' : 'landing.heading');
    this.#lead.textContent = say(invited ? 'landing.invited_lead' : 'landing.lead');
    const joins = this.#reopens ? 'landing.open_again' : 'landing.join_invited';
    this.#first.textContent = say(invited ? joins : 'landing.create');
    this.#plainRow.hidden = invited;
    this.#second.textContent = say('landing.join');
    this.#tokenForm.hidden = invited;
    this.#otherWay.hidden = !invited;
  }

  #forgetInvitation() {
    this.#invited = null;
    this.#reopens = false;
    this.showNotice('');
    this.#arrange();
    this.focus();
  }

  #readNick() {
    this.showNotice('');
    const text = this.#nick.value.trim();
    try {
      this.#nick.value = parseNick(text, { plain: true });
      return this.#nick.value;
    } catch (error) {
      if (!(error instanceof ParseNickError)) throw error;
      this.#nick.showError(sayError('nick', error.code, error));
      return null;
    }
  }

  #submitNick(event) {
    event.preventDefault();
    const nick = this.#readNick();
    if (nick === null) return;
    if (this.#invited !== null) this.#actions.join(this.#invited, nick, { create: this.#reopens });
    else if (this.#plain.required && !this.#plain.checked) this.showNotice(say('landing.cannot_seal'));
    else this.#actions.create(nick, this.#plain.checked);
  }

  #submitToken(event) {
    event.preventDefault();
    const nick = this.#readNick();
    if (nick === null) return;
    try {
      const { token, host } = readInvite(this.#token.value);
      if (host !== null && host !== this.#host) this.#token.showError(say('token.other_host', { host }));
      else this.#actions.join(token, nick);
    } catch (error) {
      if (!(error instanceof ParseTokenError)) throw error;
      this.#token.showError(sayError('token', error.code, error));
    }
  }
}
