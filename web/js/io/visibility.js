//! Whether somebody can see the page.

/**
 * Calls `act` whenever the page comes into sight or goes out of it.
 * @param {(isShown: boolean) => void} act
 * @param {AbortSignal} signal ends it
 */
export function onVisibility(act, signal) {
  document.addEventListener('visibilitychange', () => act(document.visibilityState === 'visible'), { signal });
}
