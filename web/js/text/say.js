//! Sentences, chosen by code, in the language of the person.

import english from './en.js';

/** What a language is called by those who speak it, and where its sentences are. */
const LANGUAGES = {
  // Always there: whatever becomes of the others, something can be said.
  en: { name: 'English', load: () => ({ default: english }) },
  // Nobody else needs to wait for these.
  ru: { name: 'Русский', load: () => import('./ru.js') },
};

let sentences = english;
let spoken = 'en';
let wanted = 'en';

/**
 * The languages that can be chosen.
 * @returns {{code: string, name: string}[]} `code` as in the `lang` of HTML, `name` in the language itself
 */
export function languages() {
  return Object.entries(LANGUAGES).map(([code, { name }]) => ({ code, name }));
}

/** The language that is spoken, as in the `lang` of HTML. */
export function language() {
  return spoken;
}

/**
 * The language to begin with.
 * @param {string} remembered what the person has chosen, or anything else
 * @param {readonly string[]} preferred what the browser asks for, best first
 * @returns {string} the code of a language that can be chosen
 */
export function chooseLanguage(remembered, preferred) {
  const codes = [remembered, ...preferred].map((tag) => tag.toLowerCase().split('-', 1)[0]);
  return codes.find((code) => Object.hasOwn(LANGUAGES, code)) ?? 'en';
}

/**
 * Changes the language. What is on the screen stays as it is: draw it anew.
 * @param {string} code one of `languages`
 * @returns {Promise<boolean>} whether it is spoken now: it may not be there without a network, and another may have been
 * chosen meanwhile
 */
export async function setLanguage(code) {
  wanted = code;
  try {
    const { default: loaded } = await LANGUAGES[code].load();
    if (wanted === code) [sentences, spoken] = [loaded, code];
  } catch {
    // It goes on in the language that is spoken.
  }
  return spoken === code;
}

/**
 * The sentence of a code.
 * @param {string} code
 * @param {object} [values] what the sentence speaks of
 * @returns {string | (Node | string)[]} in parts where the values are elements
 */
export function say(code, values = {}) {
  const sentence = sentences[code];
  if (sentence === undefined) throw new RangeError(code);
  return typeof sentence === 'function' ? sentence(values) : sentence;
}

/**
 * The sentence of an error that others named: codes of later servers have none of their own.
 * @param {string} family `error`, `token`, `nick`, ...
 * @param {string} code
 * @param {object} [values]
 * @returns {string}
 */
export function sayError(family, code, values) {
  const own = `${family}.${code}`;
  return Object.hasOwn(sentences, own) ? say(own, values) : say(`${family}.unknown`, { code });
}
