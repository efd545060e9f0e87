//! Which of a few colours a name is shown in: the same one on every screen.

/** How many colours there are; the style sheet has a class `tint-0` and so on for each. */
export const TINTS = 8;

/**
 * The colour of a nick, from 0 to `TINTS` - 1 (FNV-1a over its UTF-16 units).
 * @param {string} nick
 * @returns {number}
 */
export function tintOf(nick) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < nick.length; i += 1) hash = Math.imul(hash ^ nick.charCodeAt(i), 0x01000193);
  // The low bits of FNV are weak for short names.
  return ((hash ^ (hash >>> 15)) >>> 0) % TINTS;
}
