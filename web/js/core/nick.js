//! What people call themselves (protocol, section 4.4).

/** The most scalar values that a nick has, once it is in NFC. */
export const NICK_MAX_CHARS = 32;

/** The most bytes of UTF-8 that a nick has, once it is in NFC. */
export const NICK_MAX_BYTES = 64;

/** Nothing this long fits in NFC either: it isn't normalised at all. */
const RAW_MAX_CHARS = NICK_MAX_CHARS * 16;

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const BIDI = /\p{Bidi_Control}/u;
const OUTER_SPACE = /^\p{White_Space}|\p{White_Space}$/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
const SELECTOR = /\p{Variation_Selector}/u;
// U+2800, the empty braille pattern, is a symbol by its category and a gap to the eye.
const UNSEEN = /[\p{Cc}\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Why a text is not a nick. `code` is `empty`, `too_long`, `control`, `bidi`, `space`, `invisible`, `broken` (half a
 * surrogate pair) or `colon`; `too_long` comes with `chars` and `bytes`.
 */
export class ParseNickError extends Error {
  /** @param {string} code @param {object} [details] */
  constructor(code, details = {}) {
    super(code);
    this.name = 'ParseNickError';
    this.code = code;
    Object.assign(this, details);
  }
}

/**
 * Normalises `text` to NFC and checks it.
 * @param {string} text of any length
 * @param {{plain: boolean}} room in plain rooms a nick holds no `:`
 * @returns {string}
 * @throws {ParseNickError} for the first thing that is wrong
 */
export function parseNick(text, { plain }) {
  if (text === '') throw new ParseNickError('empty');
  if (/\p{Surrogate}/u.test(text)) throw new ParseNickError('broken');
  checkLength(text, RAW_MAX_CHARS, RAW_MAX_CHARS);
  const nick = text.normalize('NFC');
  checkLength(nick, NICK_MAX_CHARS, NICK_MAX_BYTES);
  if (CONTROL.test(nick)) throw new ParseNickError('control');
  if (BIDI.test(nick)) throw new ParseNickError('bidi');
  if (OUTER_SPACE.test(nick)) throw new ParseNickError('space');
  checkInvisible([...nick]);
  if (plain && nick.includes(':')) throw new ParseNickError('colon');
  return nick;
}

function checkLength(text, maxChars, maxBytes) {
  const chars = [...text].length;
  const bytes = new TextEncoder().encode(text).length;
  if (chars > maxChars || bytes > maxBytes) throw new ParseNickError('too_long', { chars, bytes });
}

function checkInvisible(chars) {
  const visible = (char) => char !== undefined && !UNSEEN.test(char);
  // `before` is the last character that is no variation selector; a selector says how the character right before it
  // looks, so it may stand only there.
  let before;
  let selectable = false;
  for (const [place, char] of chars.entries()) {
    if (SELECTOR.test(char)) {
      if (!selectable) throw new ParseNickError('invisible');
      selectable = false;
      continue;
    }
    if (char === '\u200c' || char === '\u200d') {
      if (!visible(before) || !visible(chars[place + 1])) throw new ParseNickError('invisible');
    } else if (IGNORABLE.test(char)) {
      throw new ParseNickError('invisible');
    }
    before = char;
    selectable = visible(char);
  }
  // A mark alone would sit on whatever is shown before the nick.
  if (!chars.some((char) => visible(char) && !/\p{M}/u.test(char))) throw new ParseNickError('invisible');
}

/** What characters look like, once it is loaded. */
let alike = null;

/**
 * Loads the table of characters that look alike, which only nicknames beyond ASCII need.
 * @param {string[]} nicks
 * @returns {Promise<void>}
 */
export async function learnLooks(nicks) {
  if (alike !== null || !nicks.some((nick) => /[^ -~]/.test(nick))) return;
  const { default: table } = await import('./confusables.js');
  alike = new Map(table.split('\n').map((line) => {
    const [from] = line;
    return [from, line.slice(from.length)];
  }));
}

/** Whether two nicknames are the same to the eye: by their skeletons (Unicode TR 39, section 4), letter case aside. */
export function looksLike(a, b) {
  const look = (nick) => Array.from((nick ?? '').toLowerCase().normalize('NFD'), (c) => alike?.get(c) ?? c)
    .join('').normalize('NFD');
  return look(a) === look(b);
}
