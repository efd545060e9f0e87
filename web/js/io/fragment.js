//! The token in the page's address.

import { tokenOfFragment } from '../core/token.js';

/**
 * Takes what stands for a token out of the address bar, so that neither the history nor an onlooker keeps it.
 * @returns {string} empty where there was none
 */
export function takeFragment() {
  const { hash, pathname, search } = window.location;
  if (hash === '') return '';
  window.history.replaceState(null, '', pathname + search);
  return tokenOfFragment(hash);
}
