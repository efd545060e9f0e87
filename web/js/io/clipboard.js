//! The clipboard.

/**
 * Copies `text`. Browsers allow it only on HTTPS and localhost, and the person may forbid it.
 * @param {string} text
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
