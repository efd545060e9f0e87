//! The page's clock.

/**
 * Milliseconds since 1970 as they were when the page was loaded, plus the time since: it never jumps.
 * @returns {number}
 */
export function now() {
  return Math.round(performance.timeOrigin + performance.now());
}
