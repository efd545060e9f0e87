//! Sentences, chosen by code.

import sentences from './en.js';

/** The language of the sentences, as in the `lang` of HTML. */
export const LANGUAGE = 'en';

/**
 * The sentence of a code.
 * @param {string} code
 * @param {object} [values] what the sentence speaks of
 * @returns {string}
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
