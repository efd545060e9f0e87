//! What can be chosen: theme, language, notifications and sound.

import { askPermission, permission } from '../io/notify.js';
import { rememberChoices } from '../io/preferences.js';
import { chime } from '../io/sound.js';
import { showTheme } from '../io/theme.js';
import { languages, say } from '../text/say.js';
import { button, element } from './element.js';

/** The settings, above everything else until they are closed. Each takes effect at once. */
export class Settings {
  #choices;
  #notify;
  #text;
  #notifyState = element('p', { id: 'notify-state', class: 'settings-state', role: 'status' });
  #languageState = element('div', { class: 'settings-state', role: 'status' });
  #languages;

  /**
   * @param {{choices: import('../io/preferences.js').Choices, language: string, speak: (language: string) => void,
   *   closed: () => void}} options `choices` are changed in place; `language` is what was chosen, and `speak` is told of another
   */
  constructor({ choices, language, speak, closed }) {
    this.#choices = choices;
    const theme = radios('theme', say('settings.theme'), {
      system: say('settings.theme_system'), light: say('settings.theme_light'), dark: say('settings.theme_dark'),
    }, choices.theme, (chosen) => {
      this.#choose({ theme: chosen });
      showTheme(chosen);
    });
    const names = Object.fromEntries(languages().map(({ code, name }) => [code, name]));
    this.#languages = radios('language', say('landing.languages'), names, language, speak);
    for (const input of this.#languages.querySelectorAll('input')) input.parentElement.lang = input.value;
    this.#languages.append(this.#languageState);
    const sound = radios('sound', say('settings.sound'), {
      off: say('settings.sound_off'), mentions: say('settings.sound_mentions'), all: say('settings.sound_all'),
    }, choices.sound, (chosen) => {
      this.#choose({ sound: chosen });
      // How it sounds; and a page that was heard once may sound later.
      if (chosen !== 'off') chime();
    });
    this.root = element('dialog', { class: 'dialog settings', 'aria-labelledby': 'settings-heading' },
      element('h2', { id: 'settings-heading', class: 'dialog-heading' }, say('settings.heading')),
      theme, this.#languages, this.#notifications(), sound,
      button('small primary', say('action.close'), () => this.root.close()));
    // Escape closes this, and nothing behind it.
    this.root.addEventListener('keydown', (event) => event.stopPropagation());
    this.root.addEventListener('close', () => {
      this.root.remove();
      closed();
    });
  }

  /** Shows them. */
  open() {
    document.body.append(this.root);
    this.root.showModal();
    this.root.querySelector('input:checked').focus();
  }

  /** Leads to the language, as it is spoken now. */
  focusLanguage() {
    this.#languages.querySelector('input:checked').focus();
  }

  /** Says something of the language, or nothing, with something to do about it perhaps. */
  showLanguage(sentence = '', ...controls) {
    this.#languageState.replaceChildren(sentence, ...controls);
  }

  #choose(changed) {
    Object.assign(this.#choices, changed);
    rememberChoices(this.#choices);
  }

  #notifications() {
    this.#notify = checkbox('notify-state', () => this.#chooseNotify());
    this.#text = checkbox('text-hint', () => this.#choose({ text: this.#text.checked }));
    this.#notify.checked = this.#choices.notify && permission() === 'granted';
    this.#text.checked = this.#choices.text;
    this.#notify.disabled = permission() === 'unavailable';
    this.#showNotify();
    return element('fieldset', { class: 'settings-group' }, element('legend', {}, say('settings.notify_heading')),
      element('label', { class: 'choice' }, this.#notify, say('settings.notify')),
      this.#notifyState,
      element('label', { class: 'choice' }, this.#text, say('settings.text')),
      element('p', { id: 'text-hint', class: 'settings-hint' }, say('settings.text_hint')));
  }

  async #chooseNotify() {
    const wanted = this.#notify.checked;
    const granted = wanted && await askPermission() === 'granted';
    this.#notify.checked = granted;
    this.#choose({ notify: granted });
    this.#showNotify(wanted);
  }

  /** Says why there are no notifications, where the person wanted them. */
  #showNotify(wanted = this.#choices.notify) {
    const why = {
      unavailable: say('settings.notify_unavailable'),
      denied: wanted && say('settings.notify_denied'),
      default: wanted && say('settings.notify_unasked'),
    };
    this.#notifyState.textContent = why[permission()] || '';
    this.#text.disabled = !this.#notify.checked;
  }
}

function checkbox(describedBy, chosen) {
  const input = element('input', { type: 'checkbox', 'aria-describedby': describedBy });
  input.addEventListener('change', chosen);
  return input;
}

function radios(name, legend, labels, now, chosen) {
  const choices = Object.entries(labels).map(([value, label]) => {
    const input = element('input', { type: 'radio', name, value });
    input.checked = value === now;
    input.addEventListener('change', () => chosen(value));
    return element('label', { class: 'choice' }, input, label);
  });
  return element('fieldset', { class: 'settings-group' }, element('legend', {}, legend), ...choices);
}
