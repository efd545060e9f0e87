//! Tokens: what people share to meet (protocol, section 1).

const SYMBOLS = '0123456789abcdefghjkmnpqrstvwxyz';
const ALIKE = { i: '1', l: '1', o: '0' };

/** How many symbols the token of a plain room has: 80 bits in Crockford's base32. */
export const PLAIN_SYMBOLS = 16;

/** How many symbols the token of a sealed room has. Such a token is never sent to a server. */
export const SEALED_SYMBOLS = 28;

/**
 * Why a text is not a token.
 *
 * `code` is `empty`, `no_fragment` (a link without a token), `character` (with `character` and its `position` in what
 * stands for the token, counted from 1), `length` (with `found`) or `checksum`.
 */
export class ParseTokenError extends Error {
  /** @param {string} code @param {object} [details] */
  constructor(code, details = {}) {
    super(code);
    this.name = 'ParseTokenError';
    this.code = code;
    Object.assign(this, details);
  }
}

/** Whether a token as `parseToken` has it is that of a sealed room: its shape alone says so, never a server. */
export const isSealed = (token) => token.replaceAll('-', '').length === SEALED_SYMBOLS;

/**
 * Reads a token of either kind: case, white space and `-` are ignored, `i` and `l` are 1, `o` is 0. The checksum of a sealed
 * one is for `secretOf` to check.
 * @param {string} text of any length
 * @returns {string} 16 or 28 symbols in groups of 4, joined by `-`
 * @throws {ParseTokenError}
 */
export function parseToken(text) {
  let token = '';
  let found = 0;
  let position = 0;
  for (const character of text) {
    position += 1;
    if (character === '-' || /\s/u.test(character)) continue;
    const lower = character.length === 1 && character <= 'z' ? character.toLowerCase() : character;
    const symbol = ALIKE[lower] ?? lower;
    if (!SYMBOLS.includes(symbol)) throw new ParseTokenError('character', { character, position });
    found += 1;
    if (found > SEALED_SYMBOLS) continue;
    if (found > 1 && found % 4 === 1) token += '-';
    token += symbol;
  }
  if (found === 0) throw new ParseTokenError('empty');
  if (found !== PLAIN_SYMBOLS && found !== SEALED_SYMBOLS) throw new ParseTokenError('length', { found });
  return token;
}

/**
 * What an invite URL carries after its `#`: anything from the first `&` belongs to others.
 * @param {string} fragment with or without the `#`
 * @returns {string}
 */
export function tokenOfFragment(fragment) {
  return fragment.replace(/^#/, '').split('&', 1)[0];
}

/**
 * Reads a token or an invite URL, however it was pasted.
 * @param {string} text
 * @returns {{token: string, host: string | null}} `host` (with its port) is the server that a link names
 * @throws {ParseTokenError}
 */
export function readInvite(text) {
  const trimmed = text.trim();
  const hash = trimmed.indexOf('#');
  const address = hash < 0 ? trimmed : trimmed.slice(0, hash);
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(address);
  if (hash < 0 && scheme) throw new ParseTokenError('no_fragment');
  const token = parseToken(hash < 0 ? trimmed : tokenOfFragment(trimmed.slice(hash)));
  const host = scheme ? address.slice(scheme[0].length).split(/[/?]/, 1)[0].toLowerCase() : null;
  return { token, host };
}

/**
 * The link that invites into a room.
 * @param {string} page the page's own URL; its query and fragment are left out
 * @param {string} token
 * @returns {string}
 */
export function inviteUrl(page, token) {
  return `${page.split(/[?#]/, 1)[0]}#${token}`;
}
