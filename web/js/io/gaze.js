//! Whether the person looks at the page.

/** Whether it is seen, and is the one that is typed into. */
const looks = () => document.visibilityState === 'visible' && document.hasFocus();

/**
 * Calls `act` with whether the person looks, now and whenever that may have changed.
 * @param {(looks: boolean) => void} act
 */
export function onLook(act) {
  const look = () => act(looks());
  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  window.addEventListener('blur', look);
  look();
}
