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

/**
 * Tells whether the page is in sight, now and whenever that changes. Another window beside it, which has the keyboard, takes
 * nothing out of sight.
 * @param {(visible: boolean) => void} tell
 * @param {AbortSignal} signal ends it
 */
export function onSight(tell, signal) {
  const look = () => tell(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', look, { signal });
  look();
}
