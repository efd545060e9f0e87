//! What the end of a connection means (protocol, section 4.4).

/** Close codes after which a client comes back by itself. */
const COMES_BACK = new Set([1001, 1006, 1011, 1012, 1013, 4401, 4403, 4408, 4429]);

/** Refusals that another nick answers. */
export const OF_THE_NICK = new Set(['bad_nick', 'nick_taken']);

/** Refusals after which the room isn't there any more. */
export const OF_THE_ROOM = new Set(['no_room', 'room_ended']);

const MEANING = new Map([
  [1003, 'bad_frame'],
  [1007, 'bad_frame'],
  [1009, 'frame_too_big'],
  [1012, 'restart'],
  [4400, 'bad_frame'],
  [4403, 'create_key'],
  [4404, 'no_room'],
  [4409, 'replaced'],
  [4410, 'room_ended'],
  [4422, 'bad_nick'],
  [4423, 'room_full'],
  [4426, 'unsupported_version'],
]);

/**
 * What a close code says: a code for the sentence, and whether coming back makes sense.
 * @param {number} close
 * @returns {{code: string, comesBack: boolean}}
 */
export function meaningOf(close) {
  const comesBack = COMES_BACK.has(close);
  return { code: MEANING.get(close) ?? (comesBack ? 'connection_lost' : 'closed'), comesBack };
}
