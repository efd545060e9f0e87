//! The room: its bar, its log, the composer, and the panel with link and people.

import { say } from '../text/say.js';
import { Composer } from './composer.js';
import { button, element } from './element.js';
import { Farewell } from './farewell.js';
import { Help } from './help.js';
import { Life } from './life.js';
import { Link } from './link.js';
import { Log } from './log.js';
import { Notice } from './notice.js';
import { Pending } from './pending.js';
import { People } from './people.js';
import { Scroller } from './scroller.js';
import { Share } from './share.js';
import { Typing } from './typing.js';
import { Words } from './words.js';

/** All that is seen of a room. */
export class RoomView {
  words = new Words();
  log = new Log(this.words, { quote: (quote) => this.composer.quote(quote), leave: () => this.composer.focus() });
  notice = new Notice(() => this.composer.focus());
  typing = new Typing();
  life = new Life();
  #stateText = element('span', { class: 'state-text' });
  #state = element('p', { class: 'state', role: 'status' }, element('span', { class: 'state-dot', 'aria-hidden': 'true' }), this.#stateText);
  #panel = element('section', { class: 'panel', id: 'panel', 'aria-label': say('room.panel_label') });
  #toggle;
  #farewell;
  #goOut;
  /** Whether the link is offered before one leaves: not twice, and not to who has given it on. */
  #offersLink;
  #isNew;
  /** Where the focus goes from the panel. */
  #back;

  /**
   * @param {{
   *   invitation: {url: string, token: string, isNew: boolean, isGiven: boolean},
   *   given: () => void,
   *   sealed: boolean,
   *   draft: string,
   *   send: (text: string) => string | null,
   *   sendAgain: (text: string) => boolean,
   *   drafted: (draft: string) => void,
   *   rename: (nick: string) => void,
   *   leave: () => void,
   *   settings: () => void,
   *   link: object,
   * }} options the invitation, whether one has opened the room oneself and somebody may have it already, and who is told once
   * somebody may; what is being written, and what the person can do; `link` as `Link` has it
   */
  constructor({ invitation, given, sealed, draft, send, sendAgain, drafted, rename, leave, settings, link }) {
    this.#isNew = invitation.isNew;
    this.#offersLink = !invitation.isGiven;
    const give = () => {
      this.#offersLink = false;
      given();
    };
    this.#goOut = leave;
    this.#farewell = new Farewell(invitation.url, give, leave);
    this.pending = new Pending(this.words, sendAgain, () => this.composer.focus());
    this.people = new People(rename);
    this.composer = new Composer({ draft, send, drafted, nicks: () => this.words.others });
    this.help = new Help(() => this.composer.focus());
    this.link = new Link({ ...link, lost: () => this.composer.focus() });
    const alone = element('section', { class: 'alone' },
      element('h2', { class: 'alone-heading' }, say('share.alone')), new Share('share-alone', invitation, give).root);
    this.scroller = new Scroller(this.log, this.pending.root, alone);
    this.#toggle = button('small with-icon icon-people panel-toggle', '', () => this.#showPanel(!this.#isPanelShown));
    this.#back = this.#toggle;
    this.#toggle.setAttribute('aria-controls', 'panel');
    this.#panel.append(
      element('section', { class: 'panel-section panel-share' },
        element('h2', { class: 'panel-heading' }, say('share.heading')), new Share('share-panel', invitation, give).root),
      this.people.root,
      element('section', { class: 'panel-section' }, element('h2', { class: 'panel-heading' }, say('room.about')),
        element('p', { class: 'panel-text' }, say(sealed ? 'room.sealed_long' : 'room.kind_long')), this.life.long));
    const openSettings = button('small with-icon icon-settings open-settings', '', settings);
    openSettings.title = say('settings.heading');
    openSettings.append(element('span', { class: 'visually-hidden' }, say('settings.heading')));
    const bar = element('header', { class: 'bar' },
      element('span', { class: 'brand-mark', 'aria-hidden': 'true' }),
      element('div', { class: 'bar-title' }, element('h1', { class: 'bar-heading' }, say('room.heading')), this.#state),
      element('p', { class: 'bar-kind' }, element('span', {}, say(sealed ? 'room.sealed' : 'room.kind')), ' ', this.life.short),
      this.#toggle, openSettings, button('small leave', say('room.leave'), () => this.leave()));
    this.root = element('div', { class: 'room' }, bar,
      // On a phone one of the two is seen, so that neither alone is what the page is for.
      element('main', { class: 'room-main' },
        element('div', { class: 'talk' }, this.scroller.root, this.typing.root, this.notice.root, this.link.root, this.composer.root), this.#panel),
      this.help.root, this.#farewell.root, this.life.spoken);
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isPanelShown) return;
      const back = this.#back;
      this.#showPanel(false);
      back.focus();
    });
    this.composer.root.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowUp' || !event.altKey) return;
      event.preventDefault();
      this.log.reply.enter();
    });
    this.#showPanel(false);
    this.showState('idle');
  }

  /** Says how the connection is. */
  showState(state) {
    this.root.dataset.state = state;
    this.#stateText.textContent = say(`state.${state}`);
  }

  /** Shows who is here. */
  showPeople(people, count) {
    this.people.show(people, count);
    this.root.classList.toggle('is-alone', count <= 1);
    // Who comes or goes takes the invite link away from under the focus.
    if (document.activeElement?.checkVisibility() === false) this.composer.focus();
    this.#toggle.replaceChildren(element('span', { 'aria-hidden': 'true' }, String(count)),
      element('span', { class: 'visually-hidden' }, say('room.panel', { count })));
    this.scroller.follow();
  }

  /** Leaves, or asks first: whose link nobody has is a room that nobody finds again. */
  leave() {
    const isLast = this.#isNew || this.root.classList.contains('is-alone');
    if (!this.#offersLink || !isLast || ['stopped', 'ended'].includes(this.root.dataset.state)) {
      this.#goOut();
      return;
    }
    this.#offersLink = false;
    this.#farewell.open();
  }

  /** `/` leads to the composer, from wherever nothing is being written. */
  takeKey(event) {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (key !== '/' || ctrlKey || altKey || metaKey || target.matches(':read-write') || document.querySelector(':modal') !== null) return;
    event.preventDefault();
    this.#showPanel(false);
    this.composer.focus();
  }

  /** Opens the panel from the composer: at the people, or at their codes. */
  openPeople({ codes = false } = {}) {
    this.#showPanel(true, this.composer);
    if (codes) this.people.openCodes();
    else this.people.focus();
  }

  get #isPanelShown() {
    return this.root.classList.contains('with-panel');
  }

  #showPanel(shown, back = this.#toggle) {
    this.#back = back;
    this.root.classList.toggle('with-panel', shown);
    this.#toggle.setAttribute('aria-expanded', String(shown));
  }
}
