//! The key that a server may want from whoever opens rooms (protocol, section 4.1).

/** The most characters of a key. */
const LENGTH_MAX = 256;

/** Why a text is no key. `code` is `empty`, `too_long` or `character`. It repeats nothing of the text. */
export class ParseCreateKeyError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = 'ParseCreateKeyError';
    this.code = code;
  }
}

/**
 * Reads a key as a person typed or pasted it.
 * @param {string} text
 * @returns {string} what a header can carry
 * @throws {ParseCreateKeyError}
 */
export function parseCreateKey(text) {
  const key = text.trim();
  if (key === '') throw new ParseCreateKeyError('empty');
  if (key.length > LENGTH_MAX) throw new ParseCreateKeyError('too_long');
  if (!/^[!-~]+$/.test(key)) throw new ParseCreateKeyError('character');
  return key;
}
