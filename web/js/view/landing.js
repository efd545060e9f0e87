//! The way in: a name, and a new room or one that is there.

import { parseCreateKey, ParseCreateKeyError } from '../core/create-key.js';
import { parseNick, ParseNickError } from '../core/nick.js';
import { isSealed, parseToken, ParseTokenError, readInvite } from '../core/token.js';
import { say, sayError } from '../text/say.js';
import { button, element } from './element.js';
import { Field } from './field.js';
import { Languages } from './languages.js';
import { Options } from './options.js';

/** The landing page, with or without an invitation. */
export class Landing {
  #nick = new Field('nick', { label: say('landing.nick_label'), hint: say('landing.nick_hint') }, {
    autocomplete: 'nickname', enterkeyhint: 'go', name: 'nick',
  });
  #token = new Field('token', { label: say('landing.token_label') }, {
    autocomplete: 'off', autocapitalize: 'none', enterkeyhint: 'go', placeholder: say('landing.token_example'), name: 'token',
  });
  #key = new Field('create-key', { label: say('landing.key_label'), hint: say('landing.key_hint') }, {
    type: 'password', autocomplete: 'off', autocapitalize: 'none', enterkeyhint: 'go', name: 'create-key',
  });
  #heading = element('h1', { class: 'landing-heading', tabindex: '-1' });
  #lead = element('p', { class: 'landing-lead' });
  #notice = element('p', { class: 'landing-notice', role: 'alert' });
  #first = element('button', { type: 'submit', class: 'button primary wide' });
  #second = element('button', { type: 'submit', class: 'button' }, say('landing.join'));
  #note = element('p', { class: 'landing-note' });
  #limits = element('p', { class: 'landing-note' });
  #options;
  #languages;
  #sealing;
  #reopens = false;
  /** Whether the server wants its key from whoever opens a room. */
  #wantsKey = false;
  #otherWay = button('plain', say('landing.other_way'), () => this.#forgetInvitation());
  #nickForm = element('form', { class: 'landing-form', novalidate: '' }, this.#nick.root);
  #tokenForm = element('form', { class: 'landing-form', novalidate: '' });
  #actions;
  #host;
  #invited = null;

  /**
   * @param {{host: string, nick: string, sealing: boolean, create: (nick: string,
   *   wishes: {plain: boolean, opts?: object, createKey?: string}) => void,
   *   join: (token: string, nick: string, how?: {create: boolean, createKey?: string}) => void, speak: (language: string) => void, settings: () => void}}
   * options the host (with its port) whose links are one's own, the nick to begin with, whether this page can encrypt, and
   * what the buttons do
   */
  constructor({ host, nick, sealing, create, join, speak, settings }) {
    this.#sealing = sealing;
    this.#options = new Options(sealing);
    this.#languages = new Languages(speak);
    this.#actions = { create, join };
    this.#host = host;
    this.#nick.value = nick;
    this.#nickForm.append(this.#key.root, this.#options.root, this.#first);
    this.#token.root.append(this.#second);
    this.#tokenForm.append(element('p', { class: 'landing-or' }, element('span', {}, say('landing.or'))), this.#token.root);
    this.root = element('main', { class: 'landing' },
      element('div', { class: 'landing-top' },
        element('p', { class: 'brand' }, element('span', { class: 'brand-mark', 'aria-hidden': 'true' }), say('app.name')),
        this.#languages.root),
      this.#heading, this.#lead,
      element('div', { class: 'card' }, this.#notice, this.#nickForm, this.#tokenForm, this.#otherWay),
      this.#note, this.#limits, element('div', { class: 'landing-foot' },
        button('plain small with-icon icon-settings open-settings', say('settings.heading'), settings)));
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

  /** The server wants its key, or another one than was typed. */
  askForKey() {
    this.#wantsKey = true;
    this.#arrange();
    this.#key.showError(sayError('key', this.#key.value.trim() === '' ? 'empty' : 'create_key'));
  }

  /** Says what the server allows, and offers it; `info` as `readInfo` has it. */
  offer({ limits: { text: size }, opts, create_key: wantsKey = false }) {
    this.#wantsKey = wantsKey;
    this.#arrange();
    this.#options.offer(opts);
    this.#limits.textContent = say('landing.limits', {
      seconds: opts.ttl_s.max, max: opts.max.max, count: opts.history.default, size,
    });
  }

  /** What a landing page in another language goes on with. */
  get typed() {
    return {
      nick: this.#nick.value, token: this.#token.value, options: this.#options.typed, invited: this.#invited, reopens: this.#reopens,
      key: this.#key.value, wantsKey: this.#wantsKey,
    };
  }

  /** Goes on with what was typed, where the language was chosen. */
  goOn({ nick, token, options, invited, reopens, key, wantsKey }) {
    [this.#key.value, this.#wantsKey] = [key, wantsKey];
    [this.#nick.value, this.#token.value] = [nick, token];
    [this.#invited, this.#reopens] = [invited, reopens];
    this.#options.goOn(options);
    this.#arrange();
    this.#languages.focus();
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
    this.#options.root.hidden = invited;
    this.#limits.hidden = invited;
    this.#key.root.hidden = !this.#wantsKey || (invited && !this.#reopens);
    this.#explain();
    this.#second.textContent = say('landing.join');
    this.#tokenForm.hidden = invited;
    this.#otherWay.hidden = !invited;
  }

  /** Says what is encrypted, of the room that one is invited to or of a new one. */
  #explain() {
    const isPlain = this.#invited !== null && !isSealed(this.#invited);
    const isWarning = !this.#sealing && !isPlain;
    if (isWarning) this.#note.textContent = say('landing.cannot_seal');
    else if (this.#invited === null) this.#note.textContent = say('landing.note');
    else this.#note.textContent = say(isPlain ? 'room.kind_long' : 'room.sealed_long');
    this.#note.classList.toggle('warning', isWarning);
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

  /** `undefined` where nobody wants it, and `null` where something is wrong with it. */
  #readKey() {
    if (this.#key.root.hidden) return undefined;
    try {
      return parseCreateKey(this.#key.value);
    } catch (error) {
      if (!(error instanceof ParseCreateKeyError)) throw error;
      this.#key.showError(sayError('key', error.code));
      return null;
    }
  }

  #submitNick(event) {
    event.preventDefault();
    const nick = this.#readNick();
    if (nick === null) return;
    const createKey = this.#readKey();
    if (createKey === null) return;
    if (this.#invited !== null) this.#actions.join(this.#invited, nick, { create: this.#reopens, createKey });
    else if (this.#options.isLacking) this.showNotice(say('landing.cannot_seal'));
    else this.#actions.create(nick, { ...this.#options.wishes, createKey });
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
