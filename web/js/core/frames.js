//! The frames of chat.v1 (protocol, sections 4.1 and 4.2): nothing else knows JSON.

import { isBase64url } from './base64url.js';
import { boolean, CheckShapeError, integer, list, object, oneOf, string, such } from './shape.js';

/** The most UTF-16 units of a server's frame that are read; the protocol's 4 MiB are at least as many. */
export const SERVER_FRAME_MAX = 4 * 1024 * 1024;

/** Why a server's frame can't be read. `code` is `too_big` or `bad_frame`. It repeats nothing of the frame. */
export class DecodeFrameError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = 'DecodeFrameError';
    this.code = code;
  }
}

const bytes = (length) => such((value) => isBase64url(value, length));
const anyBytes = such((value) => isBase64url(value));
const sendId = such((value) => typeof value === 'string' && /^[A-Za-z0-9_-]{1,32}$/.test(value));

const sealed = object({ n: integer, ct: anyBytes, sig: bytes(64) });
const named = [{ nick: string }, { spk: bytes(32), profile: sealed }];

const PEER = oneOf(object({ sid: integer, mode: string, since: integer }, { is: string }), named);

const ROOM = object({ kind: string, created: integer, expires: integer, history: integer, max: integer });

const LIMITS = object({
  frame: integer,
  text: integer,
  nick: integer,
  rate: object({ per_s: integer, burst: integer }),
  ping_ms: integer,
  grace_ms: integer,
});

const MESSAGE = oneOf(object({ seq: integer, ts: integer, from: integer }, { id: sendId }), [
  { nick: string, text: string },
  { spk: bytes(32), m: sealed },
]);

const SERVER_FRAMES = new Map(Object.entries({
  welcome: object({
    v: integer,
    inst: bytes(16),
    sid: integer,
    resumed: boolean,
    room: ROOM,
    peers: list(PEER),
    seq: integer,
    now: integer,
    limits: LIMITS,
  }),
  msg: MESSAGE,
  ack: object({ id: sendId, seq: integer }),
  join: object({ seq: integer, ts: integer, peer: PEER }),
  leave: object({ seq: integer, ts: integer, sid: integer, why: string }),
  profile: oneOf(object({ seq: integer, ts: integer, sid: integer }), named),
  typing: object({ sid: integer, on: boolean }),
  state: object({ sid: integer, is: string }),
  count: object({ n: integer }),
  gap: object({ from: integer, to: integer, why: string }),
  live: object({ seq: integer }),
  pong: object({ n: integer, now: integer }),
  end: object({ why: string, in_ms: integer }),
  error: object({ code: string, message: string, fatal: boolean }, { re: string, retry_ms: integer }),
}));

/**
 * Reads a frame of the server. Members that are unknown are left out.
 * @param {string} text
 * @returns {{t: string}} with the members of that frame, or with `t` alone where `t` is unknown
 * @throws {DecodeFrameError}
 */
export function decodeServerFrame(text) {
  if (text.length > SERVER_FRAME_MAX) throw new DecodeFrameError('too_big');
  try {
    const value = JSON.parse(text);
    const { t } = object({ t: string })(value, 'frame');
    return { t, ...SERVER_FRAMES.get(t)?.(value, t) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof CheckShapeError) throw new DecodeFrameError('bad_frame');
    throw error;
  }
}

/** The members of each client frame, in the order in which they are written. */
const CLIENT_FRAMES = new Map(Object.entries({
  hello: [
    'v', 'room', 'token', 'key', 'try', 'nick', 'spk', 'profile', 'create', 'create_key', 'opts', 'pace', 'resume', 'agent',
  ],
  send: ['id', 'text', 'm'],
  profile: ['nick', 'profile'],
  typing: ['on'],
  away: ['on'],
  ping: ['n'],
  bye: [],
}));

/**
 * Writes a frame for the server. Halves of surrogate pairs, which no UTF-8 can carry, become U+FFFD.
 * @param {{t: string}} frame
 * @returns {string}
 */
export function encodeClientFrame(frame) {
  const members = { t: frame.t };
  for (const name of CLIENT_FRAMES.get(frame.t)) {
    if (frame[name] !== undefined) members[name] = frame[name];
  }
  return JSON.stringify(members, (name, value) => (typeof value === 'string' ? wellFormed(value) : value));
}

/**
 * `text` with U+FFFD for every half of a surrogate pair.
 * @param {string} text
 * @returns {string}
 */
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * How many bytes `text` has in UTF-8.
 * @param {string} text
 * @returns {number}
 */
export function utf8Length(text) {
  return new TextEncoder().encode(text).length;
}
