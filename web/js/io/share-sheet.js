//! The system's way of handing something on to another program.

/** Whether there is one. Browsers have it only on HTTPS and localhost. */
export const canShare = () => typeof navigator.share === 'function';

/**
 * Lets the person choose where `url` goes.
 * @param {string} url
 * @returns {Promise<'shared' | 'cancelled' | 'failed'>}
 */
export async function shareUrl(url) {
  try {
    await navigator.share({ url });
    return 'shared';
  } catch (error) {
    return error.name === 'AbortError' ? 'cancelled' : 'failed';
  }
}
