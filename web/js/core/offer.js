//! What a server allows of a new room, and what of it is offered (protocol, section 2: `/info`).

import { boolean, integer, object } from './shape.js';

const BOUNDS = object({ min: integer, max: integer, default: integer });

const INFO = object({
  limits: object({ text: integer }),
  opts: object({ ttl_s: BOUNDS, max: BOUNDS, history: BOUNDS }),
}, { create_key: boolean });

/** What people tend to want, of each wish; its bounds and its default are offered besides. */
const USUAL = {
  ttl_s: [600, 3600, 8 * 3600, 86_400, 7 * 86_400],
  max: [2, 5, 10, 50],
  history: [0, 20, 100],
};

/**
 * Reads the answer of `/info`. Members that are unknown are left out.
 * @param {unknown} value
 * @returns {{limits: {text: number}, opts: Record<'ttl_s' | 'max' | 'history', {min: number, max: number, default: number}>,
 *   create_key?: boolean}} `create_key` where only who has the server's key may open rooms
 * @throws {import('./shape.js').CheckShapeError}
 */
export const readInfo = (value) => INFO(value, 'info');

/**
 * The values of a wish that are offered, in their order.
 * @param {'ttl_s' | 'max' | 'history'} wish
 * @param {{min: number, max: number, default: number}} bounds
 * @returns {number[]} of `max` 0 is no limit, and comes last
 */
export function choicesOf(wish, bounds) {
  const endless = wish === 'max' && bounds.max === 0;
  const isWithin = (value) => value >= bounds.min && (endless || value <= bounds.max);
  const values = new Set([...USUAL[wish].filter(isWithin), bounds.max, bounds.default]);
  const rank = (value) => (endless && value === 0 ? Infinity : value);
  return Array.from(values).sort((a, b) => (rank(a) > rank(b) ? 1 : -1));
}

/**
 * What is wished of a new room.
 * @param {Record<string, {default: number}>} opts those of `readInfo`
 * @param {Record<string, number>} chosen
 * @returns {object | undefined} only what isn't so anyway; `undefined` where nothing is wished
 */
export function wishesOf(opts, chosen) {
  const wishes = Object.entries(chosen).filter(([wish, value]) => value !== opts[wish].default);
  return wishes.length === 0 ? undefined : Object.fromEntries(wishes);
}
