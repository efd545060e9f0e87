//! The next picture that the browser draws.

/** A page that isn't seen draws nothing: then it is this late, in milliseconds. */
const UNSEEN_MS = 500;

/**
 * Calls `act` once, before the next frame is drawn.
 * @param {() => void} act
 */
export function beforeNextFrame(act) {
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    act();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, UNSEEN_MS);
}
