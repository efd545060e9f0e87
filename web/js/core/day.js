//! Days, as the calendar of this machine has them.

/**
 * The day of `ms` since 1970, or so many days before it, as a number that grows with the days; `NaN` where that is no date.
 * @param {number} ms
 * @param {number} [back]
 * @returns {number}
 */
export function dayOf(ms, back = 0) {
  const date = new Date(ms);
  date.setDate(date.getDate() - back);
  return date.getFullYear() * 10_000 + date.getMonth() * 100 + date.getDate();
}
