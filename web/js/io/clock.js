//! The page's clock.

let origin = performance.timeOrigin;

/**
 * Milliseconds since 1970 as they were when the page was loaded, plus the time since: it never goes back.
 * @returns {number}
 */
export function now() {
  // While the machine sleeps some browsers' timers stand still, and so does what they count.
  origin = Math.max(origin, Date.now() - performance.now());
  return Math.round(origin + performance.now());
}
