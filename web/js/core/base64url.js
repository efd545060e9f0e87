//! base64url without padding (RFC 4648, section 5), strict: no spare bits.

const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Writes `bytes` as base64url.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function encodeBase64url(bytes) {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += SYMBOLS[(held >> bits) & 63];
    }
    held &= (1 << bits) - 1;
  }
  return bits ? text + SYMBOLS[(held << (6 - bits)) & 63] : text;
}

/**
 * The bytes of strict base64url.
 * @param {string} text as `isBase64url` lets it pass
 * @returns {Uint8Array}
 */
export function decodeBase64url(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const symbol of text) {
    held = ((held << 6) | SYMBOLS.indexOf(symbol)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = held >> bits;
    at += 1;
  }
  return bytes;
}

/**
 * Whether `text` is strict base64url: of exactly `length` bytes, or of any number where none is given.
 * @param {unknown} text
 * @param {number} [length] in bytes
 * @returns {boolean}
 */
export function isBase64url(text, length) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) return false;
  const rest = text.length % 4;
  if (rest === 1) return false;
  if (length !== undefined && Math.floor((text.length * 3) / 4) !== length) return false;
  const spare = rest === 0 ? 0 : rest === 2 ? 0b1111 : 0b11;
  return (SYMBOLS.indexOf(text[text.length - 1]) & spare) === 0 || text === '';
}
