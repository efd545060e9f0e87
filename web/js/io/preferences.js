//! What the page remembers: the nickname, the language and the settings from one visit to the next, and for a reload of this tab the stay in
//! a room and what was being written there. Storage may be forbidden, full, and hold anything: then nothing is remembered.

const NICK = 'chat.nick';

const LANGUAGE = 'chat.language';

const CHOICES = 'chat.settings';

const STAY = 'chat.stay';

const DRAFT = 'chat.draft';

/** The longest draft that is remembered, in UTF-16 units. */
const DRAFT_MAX = 16_384;

function read(storage, name) {
  try {
    return window[storage].getItem(name) ?? '';
  } catch {
    return '';
  }
}

function write(storage, name, text) {
  try {
    if (text === '') window[storage].removeItem(name);
    else window[storage].setItem(name, text);
  } catch {
    // The person types it again.
  }
}

/**
 * The stay that this tab was in when it was reloaded. It is gone with the tab.
 * @returns {{token: string, nick: string, key: string, attempt: number, isNew: boolean, isGiven: boolean,
 *   createKey?: string} | null}
 */
export function rememberedStay() {
  try {
    const { token, nick, key, attempt, isNew, isGiven, createKey } = JSON.parse(read('sessionStorage', STAY));
    const isStay = [token, nick, key].every((text) => typeof text === 'string') && Number.isSafeInteger(attempt);
    if (!isStay) return null;
    const opener = typeof createKey === 'string' ? { createKey } : {};
    return { token, nick, key, attempt, isNew: isNew === true, isGiven: isGiven === true, ...opener };
  } catch {
    return null;
  }
}

/** Remembers the stay that this tab is in. */
export function rememberStay(stay) {
  write('sessionStorage', STAY, JSON.stringify(stay));
}

/** This tab is in no room any more. */
export function forgetStay() {
  write('sessionStorage', STAY, '');
  rememberDraft('');
}

/** What was being written when this tab was reloaded, or nothing. */
export function rememberedDraft() {
  return read('sessionStorage', DRAFT);
}

/** Remembers what is being written. */
export function rememberDraft(text) {
  write('sessionStorage', DRAFT, text.slice(0, DRAFT_MAX));
}

/** The nickname of the last visit, or nothing. */
export function rememberedNick() {
  return read('localStorage', NICK);
}

/** Remembers `nick`. */
export function rememberNick(nick) {
  write('localStorage', NICK, nick);
}

/** The language that was chosen, or nothing. */
export function rememberedLanguage() {
  return read('localStorage', LANGUAGE);
}

/** Remembers the language of `code`. */
export function rememberLanguage(code) {
  write('localStorage', LANGUAGE, code);
}

/**
 * What is chosen in the settings: the theme, whether to notify, whether a notification shows the text, and when to sound.
 * @typedef {{theme: 'system' | 'light' | 'dark', notify: boolean, text: boolean, sound: 'off' | 'mentions' | 'all'}} Choices
 */

/** What can be chosen; the first is what is chosen for nobody in particular. */
const CHOICES_OF = {
  theme: ['system', 'light', 'dark'], notify: [false, true], text: [false, true], sound: ['off', 'mentions', 'all'],
};

/**
 * What was chosen.
 * @returns {Choices}
 */
export function rememberedChoices() {
  let stored = null;
  try {
    stored = JSON.parse(read('localStorage', CHOICES));
  } catch {
    // They are chosen again.
  }
  return Object.fromEntries(Object.entries(CHOICES_OF).map(([name, of]) => [name, of.includes(stored?.[name]) ? stored[name] : of[0]]));
}

/** Remembers `choices`. */
export function rememberChoices(choices) {
  write('localStorage', CHOICES, JSON.stringify(choices));
}
