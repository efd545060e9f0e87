//! Bytes, put together and taken apart.

/**
 * All parts, one after the other; strings as UTF-8.
 * @param {...(Uint8Array | ArrayBuffer | string | number[])} parts
 * @returns {Uint8Array}
 */
export function join(...parts) {
  const all = parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : new Uint8Array(part)));
  const bytes = new Uint8Array(all.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Whether two are the same, byte for byte. */
export function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** A number below 2^53 as 8 bytes, the highest first. */
export function u64(n) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
}

const SYMBOLS = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * The first `count` symbols of Crockford's base32, in groups of four.
 * @param {Uint8Array} bytes at least the bits of as many symbols
 * @param {number} count
 * @returns {string}
 */
export function symbols(bytes, count) {
  let text = '';
  for (let n = 0; n < count; n += 1) {
    const byte = Math.floor((n * 5) / 8);
    const pair = (bytes[byte] << 8) | (bytes[byte + 1] ?? 0);
    if (n > 0 && n % 4 === 0) text += '-';
    text += SYMBOLS[(pair >> (11 - ((n * 5) % 8))) & 31];
  }
  return text;
}

/** The value of a symbol as `symbols` writes it. */
export const valueOf = (symbol) => SYMBOLS.indexOf(symbol);
