//! Moments at which a connection may be possible again, or may have died unseen.

/**
 * Calls `act` when the network comes or goes, when the person looks at the page again, and when the page comes out of the
 * browser's cache of pages that were left.
 * @param {() => void} act
 * @param {AbortSignal} signal ends it
 */
export function onWake(act, signal) {
  for (const change of ['online', 'offline']) window.addEventListener(change, act, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && act(), { signal });
  window.addEventListener('pageshow', (event) => event.persisted && act(), { signal });
}
