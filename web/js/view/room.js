//! The room: its bar, its log, the composer, and the panel with link and people.

import { weekdayAndTime } from '../text/moment.js';
import { say } from '../text/say.js';
import { Composer } from './composer.js';
import { button, element } from './element.js';
import { Help } from './help.js';
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
  log = new Log(this.words);
  notice = new Notice(() => this.composer.focus());
  typing = new Typing();
  #stateText = element('span', { class: 'state-text' });
  #state = element('p', { class: 'state', role: 'status' }, element('span', { class: 'state-dot', 'aria-hidden': 'true' }), this.#stateText);
  #life = element('span', { class: 'bar-life' });
  #lifeLong = element('p', { class: 'panel-text' });
  #panel = element('section', { class: 'panel', id: 'panel', 'aria-label': say('room.panel_label') });
  #toggle;
  /** Where the focus goes from the panel. */
  #back;

  /**
   * @param {{
   *   url: string,
   *   sealed: boolean,
   *   draft: string,
   *   send: (text: string) => string | null,
   *   sendAgain: (text: string) => boolean,
   *   drafted: (draft: string) => void,
   *   rename: (nick: string) => void,
   *   leave: () => void,
   *   link: object,
   * }} options the invite URL, what is being written, and what the person can do; `link` as `Link` has it
   */
  constructor({ url, sealed, draft, send, sendAgain, drafted, rename, leave, link }) {
    this.pending = new Pending(this.words, sendAgain, () => this.composer.focus());
    this.people = new People(rename);
    this.composer = new Composer({ draft, send, drafted, nicks: () => this.words.others });
    this.help = new Help(() => this.composer.focus());
    this.link = new Link({ ...link, lost: () => this.composer.focus() });
    const alone = element('section', { class: 'alone' },
      element('h2', { class: 'alone-heading' }, say('share.alone')), new Share('share-alone', url).root);
    this.scroller = new Scroller(this.log.root, this.pending.root, alone);
    this.#toggle = button('small with-icon icon-people panel-toggle', '', () => this.#showPanel(!this.#isPanelShown));
    this.#back = this.#toggle;
    this.#toggle.setAttribute('aria-controls', 'panel');
    this.#panel.append(
      element('section', { class: 'panel-section panel-share' },
        element('h2', { class: 'panel-heading' }, say('share.heading')), new Share('share-panel', url).root),
      this.people.root,
      element('section', { class: 'panel-section' }, element('h2', { class: 'panel-heading' }, say('room.about')),
        element('p', { class: 'panel-text' }, say(sealed ? 'room.sealed_long' : 'room.kind_long')), this.#lifeLong));
    const bar = element('header', { class: 'bar' },
      element('span', { class: 'brand-mark', 'aria-hidden': 'true' }),
      element('div', { class: 'bar-title' }, element('h1', { class: 'bar-heading' }, say('room.heading')), this.#state),
      element('p', { class: 'bar-kind' }, element('span', {}, say(sealed ? 'room.sealed' : 'room.kind')), ' ', this.#life),
      this.#toggle, button('small leave', say('room.leave'), leave));
    this.root = element('div', { class: 'room' }, bar,
      // On a phone one of the two is seen, so that neither alone is what the page is for.
      element('main', { class: 'room-main' },
        element('div', { class: 'talk' }, this.scroller.root, this.typing.root, this.notice.root, this.link.root, this.composer.root), this.#panel),
      this.help.root);
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isPanelShown) return;
      const back = this.#back;
      this.#showPanel(false);
      back.focus();
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

  /** Says how long the room lives: until `ends`, of which `leftMs` are left. */
  showLife(ends, leftMs) {
    const minutes = Math.floor(leftMs / 60_000);
    this.#life.textContent = leftMs <= 0
      ? say('life.over')
      : say('life.left', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
    this.#lifeLong.textContent = say('life.long', { moment: weekdayAndTime(ends) });
  }

  /** `/` leads to the composer, from wherever nothing is being written. */
  takeKey(event) {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (key !== '/' || ctrlKey || altKey || metaKey || target.matches(':read-write') || this.root.querySelector(':modal') !== null) return;
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
