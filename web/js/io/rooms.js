//! Asking the server what a new room may be like, and for a plain one.

import { readInfo } from '../core/offer.js';
import { parseToken, ParseTokenError } from '../core/token.js';

/** How long the server may take, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * Why there is no new room. `code` is the server's, or `unreachable`, `server_unclear`, `rate` or `overloaded`;
 * `retryS` is the server's `Retry-After` in seconds, where it gave one.
 */
export class CreateRoomError extends Error {
  /** @param {string} code @param {number} [retryS] */
  constructor(code, retryS) {
    super(code);
    this.name = 'CreateRoomError';
    this.code = code;
    this.retryS = retryS;
  }
}

/** Where a refusal has no code of its own, its status speaks. */
const BY_STATUS = new Map([[403, 'foreign_page'], [429, 'rate'], [503, 'overloaded']]);

/**
 * What the server allows.
 * @param {string} address as `infoAddress` has it
 * @returns {Promise<ReturnType<typeof readInfo> | null>} `null` where that can't be had: nothing depends on it
 */
export async function fetchInfo(address) {
  try {
    const response = await fetch(address, { credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE_MS) });
    return readInfo(await response.json());
  } catch {
    return null;
  }
}

/**
 * Creates a plain room.
 * @param {string} address as `createAddress` has it
 * @param {object} [opts] what is wished of it
 * @param {string} [createKey] the server's key, where it wants one
 * @returns {Promise<string>} its token
 * @throws {CreateRoomError}
 */
export async function createRoom(address, opts = {}, createKey = undefined) {
  const url = new URL(address);
  url.search = String(new URLSearchParams(opts));
  let response;
  try {
    response = await fetch(url, {
      method: 'POST', cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE_MS),
      headers: createKey === undefined ? {} : { Authorization: `Bearer ${createKey}` },
    });
  } catch {
    throw new CreateRoomError('unreachable');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  try {
    return parseToken(String(body?.token ?? ''));
  } catch (error) {
    if (error instanceof ParseTokenError) throw new CreateRoomError('server_unclear');
    throw error;
  }
}

function refusal(response, body) {
  const retry = response.headers.get('Retry-After') ?? '';
  const retryS = /^\d{1,6}$/.test(retry) ? Number(retry) : undefined;
  const code = BY_STATUS.get(response.status) ?? (typeof body?.error === 'string' ? body.error : 'server_unclear');
  return new CreateRoomError(code, retryS);
}
