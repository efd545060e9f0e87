//! The tokens of sealed rooms: 128 bits that no server is ever sent, with a checksum of 12 (protocol, section 1).

import { join, same, symbols, valueOf } from './bytes.js';
import { ParseTokenError, parseToken, SEALED_SYMBOLS } from './token.js';

const packed = async (secret) => {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', join('chat/1 token\0', secret)));
  return join(secret, [sum[0], sum[1] & 0xf0]);
};

/**
 * Writes a token.
 * @param {Uint8Array} secret 16 bytes
 * @returns {Promise<string>} 28 symbols in 7 groups of 4
 */
export async function writeSealedToken(secret) {
  return symbols(await packed(secret), SEALED_SYMBOLS);
}

/**
 * The secret of a token that `parseToken` has read, whose checksum is checked here.
 * @param {string} token
 * @returns {Promise<Uint8Array>} 16 bytes
 * @throws {ParseTokenError} `checksum`
 */
export async function secretOf(token) {
  const bytes = new Uint8Array(18);
  [...parseToken(token).replaceAll('-', '')].forEach((symbol, n) => {
    const at = Math.floor((n * 5) / 8);
    const pair = valueOf(symbol) << (11 - ((n * 5) % 8));
    bytes[at] |= pair >> 8;
    if (at + 1 < bytes.length) bytes[at + 1] |= pair & 0xff;
  });
  const secret = bytes.slice(0, 16);
  if (!same(await packed(secret), bytes)) throw new ParseTokenError('checksum');
  return secret;
}
