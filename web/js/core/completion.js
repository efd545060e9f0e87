//! What a word that is being written may become: a command, a mention or an emoji.

import { complete as completeCommand } from './commands.js';
import { complete as completeEmoji } from './emoji.js';
import { fold } from './mentions.js';
import { isWordAt } from './word.js';

/** A word without `@` is short for too many nicks below this, in UTF-16 units. */
const BARE_MIN = 2;

const BARE = /[\p{L}\p{M}\p{N}_]+$/u;
const EMOJI = /:[\w+-]+$/;
const COMMAND = /^\/\p{L}*$/u;

/**
 * Finds what may be meant by the word that ends at `end`.
 * @param {string} text
 * @param {number} end
 * @param {string[]} nicks of those who may be mentioned
 * @returns {{from: number, words: string[]} | null} where the word begins, and what may stand there instead
 */
export function completionsAt(text, end, nicks) {
  const written = text.slice(0, end);
  if (isWordAt(text, end)) return null;
  if (COMMAND.test(written)) return found(0, completeCommand(written).map(({ name }) => `/${name}`));
  const emoji = EMOJI.exec(written);
  if (emoji !== null && !isWordAt(written, emoji.index - 1)) {
    return found(emoji.index, completeEmoji(emoji[0]).map(({ emoji: drawn }) => drawn));
  }
  // A nick may hold spaces, so what stands behind the `@` is all of it.
  const at = written.lastIndexOf('@');
  const behindAt = at >= 0 && !isWordAt(written, at - 1) ? mentions(at, written.slice(at + 1), nicks) : null;
  if (behindAt !== null) return behindAt;
  const [bare = ''] = BARE.exec(written) ?? [];
  const from = end - bare.length;
  return bare.length < BARE_MIN || written[from - 1] === '@' ? null : mentions(from, bare, nicks);
}

function mentions(from, begin, nicks) {
  const folded = fold(begin);
  return found(from, nicks.filter((nick) => fold(nick).startsWith(folded)).map((nick) => `@${nick}`));
}

const found = (from, words) => (words.length > 0 ? { from, words } : null);
