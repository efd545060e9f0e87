//! Who is here.

import { tintOf } from '../core/tint.js';
import { say } from '../text/say.js';
import { button, element, nickElement } from './element.js';
import { NickForm } from './nick-form.js';

/** The list of people, and the change of one's own name. */
export class People {
  #heading = element('h2', { class: 'panel-heading', tabindex: '-1' });
  #list = element('ul', { class: 'people-list' });
  #note = element('p', { class: 'people-note' });
  #rename = button('small with-icon icon-edit', say('people.rename'), () => this.#openForm());
  #roomCode = element('code', { class: 'person-code' });
  #codeList = element('ul', { class: 'code-list' });
  #summary = element('summary', {}, say('codes.summary'));
  #codes = element('details', { class: 'codes' }, this.#summary,
    element('p', { class: 'panel-text' }, say('codes.room'), ' ', this.#roomCode),
    element('p', { class: 'panel-text' }, say('codes.room_explain')),
    this.#codeList,
    element('p', { class: 'panel-text' }, say('codes.people_explain')));
  #form;
  #nick = '';
  /** The tags of those who type, by whose they are. */
  #typing = new Map();
  #typists = [];

  /** @param {(nick: string) => void} renameTo asks for another nick */
  constructor(renameTo) {
    const take = (nick) => {
      this.#closeForm();
      if (nick !== this.#nick) renameTo(nick);
    };
    this.#form = new NickForm('rename', say('people.rename_save'), take,
      button('small', say('people.rename_cancel'), () => this.#closeForm()));
    this.#form.root.hidden = true;
    this.#form.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#closeForm();
    });
    this.#codes.hidden = true;
    this.root = element('section', { class: 'panel-section people' },
      this.#heading, this.#list, this.#note, this.#rename, this.#form.root, this.#codes);
  }

  /** Shows these people; `count` is more than the list holds in a room that only counts. */
  show(people, count) {
    this.#heading.textContent = say('people.heading', { count });
    this.#typing = new Map(people.map(({ sid }) => [sid, tag(say('people.typing'))]));
    this.#list.replaceChildren(...people.map((person) => personItem(person, this.#typing.get(person.sid))));
    this.showTyping(this.#typists);
    this.#note.textContent = count > people.length ? say('people.only_counted', { count }) : '';
    this.#nick = people.find((person) => person.own)?.nick ?? this.#nick;
    this.#codeList.replaceChildren(...people.filter((person) => person.code !== undefined).map((person) => element(
      'li', {}, element('code', { class: 'person-code' }, person.code), ' ', nickElement(person.nick))));
  }

  /** Marks those who type. */
  showTyping(sids) {
    this.#typists = sids;
    for (const [sid, mark] of this.#typing) mark.hidden = !sids.includes(sid);
  }

  /** In a sealed room: the code that is equal where all see the same people. */
  showRoomCode(code) {
    this.#roomCode.textContent = code;
    this.#codes.hidden = false;
  }

  /** Leads to the list. */
  focus() {
    this.#heading.focus();
  }

  /** Leads to the codes. */
  openCodes() {
    this.#codes.open = true;
    this.#summary.focus();
  }

  /** The server refused the new name. */
  showRenameError(sentence) {
    this.#openForm();
    this.#form.showError(sentence);
  }

  #openForm() {
    this.#form.root.hidden = false;
    this.#rename.hidden = true;
    this.#form.open(this.#nick);
  }

  #closeForm() {
    this.#form.root.hidden = true;
    this.#rename.hidden = false;
    this.#rename.focus();
  }
}

/** Where somebody is, in a word. */
const WHEREABOUTS = new Map([['here', 'people.here'], ['away', 'people.away'], ['lost', 'people.lost']]);

function tag(text, ...more) {
  return element('span', { class: ['person-tag', ...more].join(' ') }, text);
}

function personItem({ nick, own, mode, code, verified, ambiguous, is }, typing) {
  const name = verified === false ? element('span', {}, say('people.unverified')) : nickElement(nick ?? '');
  // Where a later version may say that people are counts as here.
  const where = WHEREABOUTS.has(is) ? is : 'here';
  const dot = element('span', { class: `person-dot tint-${tintOf(nick ?? '')} is-${where}`, 'aria-hidden': 'true' });
  const item = element('li', { class: 'person' }, dot, name);
  if (own) item.append(tag(say('people.own')));
  if (ambiguous || verified === false) item.append(tag(code, 'person-code'));
  if (mode === 'plain') item.append(tag(say('people.plain_mode')));
  // Who is here needs no word on the screen: the disc says it.
  const word = say(WHEREABOUTS.get(where));
  item.append(where === 'here' ? element('span', { class: 'visually-hidden' }, word) : tag(word), typing);
  return item;
}
