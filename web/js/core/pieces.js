//! What a line is made of: text, code, links, mentions, and marks that may stand around any of it.

import { isWordAt } from './word.js';

/** The longest address that becomes a link, in UTF-16 units. */
export const LINK_MAX = 2048;

const SPECIAL = /`+|\*+|~+|@|https?:\/\/|mailto:/gi;
const ADDRESS = /[^\s\p{Cc}\p{Bidi_Control}<>"`]*/uy;
/** What ends the sentence around an address, not the address. */
const ENDINGS = '.,:;!?\'*~…’”»。，、：；！？）」』】》';
/** No longer run of backticks begins code. */
const TICKS_MAX = 3;

/**
 * Cuts a line; the pieces joined are the line, and what is no text comes with its sense.
 * @param {string} line
 * @param {ReturnType<import('./mentions.js').mentionsOf>} [mentioned]
 * @returns {[string, import('./markup.js').Part | {kind: 'mark', opens: boolean, closes: boolean} | undefined][]}
 */
export function piecesOf(line, mentioned = () => null) {
  const pieces = [];
  let done = 0;
  const add = (end, sense) => {
    if (end > done) pieces.push([line.slice(done, end), sense]);
    done = end;
  };
  for (const { 0: found, index } of line.matchAll(SPECIAL)) {
    if (index < done) continue;
    const read = { '`': codeAt, '*': markAt, '~': markAt, '@': mentionAt }[found[0]] ?? linkAt;
    const piece = read(line, index, found, mentioned);
    if (piece === null) continue;
    add(index);
    add(...piece);
  }
  add(line.length);
  return pieces;
}

/** Of each length at most one run looks in vain for the one that closes it: behind it there is none. */
function codeAt(line, index, { length }) {
  if (length > TICKS_MAX) return null;
  const ticks = /`+/g;
  ticks.lastIndex = index + length;
  for (let run; (run = ticks.exec(line)) !== null;) {
    if (run[0].length !== length) continue;
    return [ticks.lastIndex, { kind: 'code', text: line.slice(index + length, run.index) }];
  }
  return null;
}

function mentionAt(line, index, found, mentioned) {
  const mention = mentioned(line, index);
  if (mention === null) return null;
  const { nick, own, end } = mention;
  return [end, { kind: 'mention', nick, own, text: line.slice(index, end) }];
}

function markAt(line, index, found) {
  const end = index + found.length;
  if (found[0] === '~' ? found.length !== 2 : found.length > 3) return null;
  const opens = /\S/.test(line[end] ?? ' ') && !isWordAt(line, index - 1);
  const closes = /\S/.test(line[index - 1] ?? ' ') && !isWordAt(line, end);
  return [end, { kind: 'mark', opens, closes }];
}

/** What only looks like an address is text as a whole: nothing in it is read twice. */
function linkAt(line, index, scheme) {
  if (isWordAt(line, index - 1)) return null;
  ADDRESS.lastIndex = index + scheme.length;
  const [address] = ADDRESS.exec(line);
  const text = scheme + trimmed(address);
  const href = text.length > scheme.length && text.length <= LINK_MAX ? hrefOf(text) : null;
  return href === null ? [ADDRESS.lastIndex] : [index + text.length, { kind: 'link', href, text }];
}

function trimmed(address) {
  const surplus = (opening, closing) => address.split(closing).length - address.split(opening).length;
  const spare = { ')': surplus('(', ')'), ']': surplus('[', ']') };
  let end = address.length;
  while (end > 0 && (spare[address[end - 1]]-- > 0 || ENDINGS.includes(address[end - 1]))) end -= 1;
  return address.slice(0, end);
}

function hrefOf(text) {
  try {
    const { href, username, password } = new URL(text);
    // What stands before an `@` would be taken for the host.
    return username + password === '' ? href : null;
  } catch {
    return null;
  }
}
