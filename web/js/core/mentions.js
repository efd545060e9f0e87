//! Who is meant by `@nick`.

import { isWordAt } from './word.js';

/** A text as the rooms compare nicks: letter case aside, a letter and its mark in one or in two. */
export const fold = (text) => Array.from(text, (char) => char.toLowerCase().toUpperCase().toLowerCase().normalize('NFD')).join('');

/**
 * Finds mentions; to be made anew when somebody comes, goes or is renamed.
 * @param {Iterable<string>} nicks of those in the room
 * @param {string} [own]
 * @returns {(text: string, at: number) => {nick: string, own: boolean, end: number} | null} the longest nick behind the `@`
 * at `at`, where no word goes on around it
 */
export function mentionsOf(nicks, own = '') {
  let known = null;
  return (text, at) => {
    if (isWordAt(text, at - 1)) return null;
    known ??= learn([...nicks, own]);
    let found = null;
    let read = '';
    for (let end = at + 1; end < text.length && known.has(read);) {
      const char = String.fromCodePoint(text.codePointAt(end));
      read += fold(char);
      end += char.length;
      const nick = known.get(read);
      if (nick && !isWordAt(text, end)) found = { nick, own: nick === own, end };
    }
    return found;
  };
}

/** Each beginning of a folded nick, with the nick where it is all of it. */
function learn(nicks) {
  const known = new Map();
  for (const nick of nicks) {
    let read = '';
    for (const char of fold(nick)) {
      if (!known.has(read)) known.set(read, null);
      read += char;
    }
    known.set(read, nick);
  }
  return known;
}

/**
 * Whether a text speaks to the person.
 * @param {(import('./markup.js').Block | import('./markup.js').Part | string)[]} parts as `parse` returns them
 * @returns {boolean}
 */
export function mentionsOwn(parts) {
  return parts.some((part) => part.own === true || mentionsOwn(part.parts ?? part.blocks ?? []));
}
