//! What a message says, as plain data. What isn't known stays text.

import { append, blocksOf } from './blocks.js';
import { piecesOf } from './pieces.js';

/** How many marks wait for the one that closes them. One makes three levels at most, `***`. */
export const OPEN_MAX = 3;

/** The most marks, links, mentions, quotes and pieces of code of a text; more of them stay text. */
export const MARKS_MAX = 500;

/**
 * @typedef {string | {kind: 'code', text: string} | {kind: 'link', href: string, text: string}
 *   | {kind: 'mention', nick: string, own: boolean, text: string}
 *   | {kind: 'bold' | 'italic' | 'struck', parts: Part[]}} Part
 * @typedef {{kind: 'lines', parts: Part[]} | {kind: 'quote', blocks: Block[]}
 *   | {kind: 'fence', language: string, text: string}} Block
 */

/**
 * Reads a message, in time that grows as the text does.
 * @param {string} text
 * @param {ReturnType<import('./mentions.js').mentionsOf>} [mentioned] without it `@` means nothing
 * @returns {Block[]}
 */
export function parse(text, mentioned) {
  const budget = { left: MARKS_MAX };
  return blocksOf(text, (line) => partsOf(piecesOf(line, mentioned), budget), budget);
}

function partsOf(pieces, budget) {
  const parts = [];
  const open = [];
  for (const [source, sense] of pieces) {
    if (sense === undefined || budget.left === 0) parts.push(source);
    else if (sense.kind !== 'mark') {
      budget.left -= 1;
      parts.push(sense);
    } else {
      const [char] = source;
      const length = sense.closes ? close(char, source.length, parts, open, budget) : source.length;
      if (sense.opens && length > 0 && open.push({ char, length, at: parts.length }) > OPEN_MAX) open.shift();
      parts.push(char.repeat(length));
    }
  }
  return parts;
}

/**
 * A mark is text until the one comes that closes it; then what is between moves into it, so no part moves twice. Returns
 * how much of the closing mark is left.
 */
function close(char, length, parts, open, budget) {
  let left = length;
  while (left > 0 && budget.left > 0) {
    const place = open.findLastIndex((mark) => mark.char === char);
    if (place < 0) break;
    budget.left -= 1;
    const mark = open[place];
    const size = Math.min(2, left, mark.length);
    left -= size;
    mark.length -= size;
    const inner = [];
    for (const part of parts.splice(mark.at + 1)) append(inner, part);
    parts[mark.at] = char.repeat(mark.length);
    parts.push({ kind: char === '~' ? 'struck' : ['italic', 'bold'][size - 1], parts: inner });
    open.length = mark.length > 0 ? place + 1 : place;
  }
  return left;
}
