//! Who is here.

import { parseNick, ParseNickError } from '../core/nick.js';
import { tintOf } from '../core/tint.js';
import { say, sayError } from '../text/say.js';
import { button, element, nickElement } from './element.js';
import { Field } from './field.js';

/** The list of people, and the change of one's own name. */
export class People {
  #heading = element('h2', { class: 'panel-heading' });
  #list = element('ul', { class: 'people-list' });
  #note = element('p', { class: 'people-note' });
  #rename = button('small with-icon icon-edit', say('people.rename'), () => this.#openForm());
  #field = new Field('rename', { label: say('people.rename_label') }, { autocomplete: 'off' });
  #roomCode = element('code', { class: 'person-code' });
  #codeList = element('ul', { class: 'code-list' });
  #codes = element('details', { class: 'codes' },
    element('summary', {}, say('codes.summary')),
    element('p', { class: 'panel-text' }, say('codes.room'), ' ', this.#roomCode),
    element('p', { class: 'panel-text' }, say('codes.room_explain')),
    this.#codeList,
    element('p', { class: 'panel-text' }, say('codes.people_explain')));
  #form;
  #nick = '';
  #renameTo;

  /** @param {(nick: string) => void} renameTo asks for another nick */
  constructor(renameTo) {
    this.#renameTo = renameTo;
    this.#form = element('form', { class: 'people-form', novalidate: '', hidden: '' }, this.#field.root,
      element('div', { class: 'button-row' },
        element('button', { type: 'submit', class: 'button small primary' }, say('people.rename_save')),
        button('small', say('people.rename_cancel'), () => this.#closeForm())));
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    this.#form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#closeForm();
    });
    this.#codes.hidden = true;
    this.root = element('section', { class: 'panel-section people' },
      this.#heading, this.#list, this.#note, this.#rename, this.#form, this.#codes);
  }

  /** Shows these people; `count` is more than the list holds in a room that only counts. */
  show(people, count) {
    this.#heading.textContent = say('people.heading', { count });
    this.#list.replaceChildren(...people.map(personItem));
    this.#note.textContent = count > people.length ? say('people.only_counted', { count }) : '';
    this.#nick = people.find((person) => person.own)?.nick ?? this.#nick;
    this.#codeList.replaceChildren(...people.filter((person) => person.code !== undefined).map((person) => element(
      'li', {}, element('code', { class: 'person-code' }, person.code), ' ', nickElement(person.nick))));
  }

  /** In a sealed room: the code that is equal where all see the same people. */
  showRoomCode(code) {
    this.#roomCode.textContent = code;
    this.#codes.hidden = false;
  }

  /** The server refused the new name. */
  showRenameError(sentence) {
    this.#openForm();
    this.#field.showError(sentence);
  }

  #openForm() {
    this.#form.hidden = false;
    this.#rename.hidden = true;
    this.#field.value = this.#nick;
    this.#field.input.focus();
    this.#field.input.select();
  }

  #closeForm() {
    this.#form.hidden = true;
    this.#rename.hidden = false;
    this.#field.clearError();
    this.#rename.focus();
  }

  #submit(event) {
    event.preventDefault();
    try {
      const nick = parseNick(this.#field.value.trim(), { plain: true });
      this.#closeForm();
      if (nick !== this.#nick) this.#renameTo(nick);
    } catch (error) {
      if (!(error instanceof ParseNickError)) throw error;
      this.#field.showError(sayError('nick', error.code, error));
    }
  }
}

function personItem({ nick, own, mode, code, verified, ambiguous }) {
  const name = verified === false ? element('span', {}, say('people.unverified')) : nickElement(nick ?? '');
  const item = element('li', { class: 'person' },
    element('span', { class: `person-dot tint-${tintOf(nick ?? '')}`, 'aria-hidden': 'true' }), name);
  if (own) item.append(element('span', { class: 'person-tag' }, say('people.own')));
  if (ambiguous || verified === false) item.append(element('span', { class: 'person-tag person-code' }, code));
  if (mode === 'plain') item.append(element('span', { class: 'person-tag' }, say('people.plain_mode')));
  return item;
}
