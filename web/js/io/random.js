//! The page's random source.

/**
 * Random bytes that nobody can guess.
 * @param {number} length
 * @returns {Uint8Array}
 */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
