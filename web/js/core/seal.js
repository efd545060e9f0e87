//! End-to-end sealing (protocol, section 5) on WebCrypto; keys can't be taken out of the browser.

import { decodeBase64url, encodeBase64url } from './base64url.js';
import { join, symbols, u64 } from './bytes.js';
import { parseNick, ParseNickError } from './nick.js';
import { filled, pad, unpad } from './padding.js';
import { Senders } from './senders.js';
import { parseStrictObject } from './strict-json.js';

const EPOCH = new Uint8Array(8);
const MESSAGE = 1;
const PROFILE = 2;

/** The bytes of AES-GCM's tag. */
const TAG = 16;

/** Whether this browser, on a page that came so, can seal at all: HTTPS or localhost, and Ed25519. */
export async function canSeal() {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

/** What members of a room know. */
export class RoomKeys {
  #base;

  constructor(base, id, commit) {
    this.#base = base;
    this.id = id;
    this.commit = commit;
  }

  /** @param {Uint8Array} secret 16 bytes */
  static async derive(secret) {
    const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey']);
    const bits = async (info, length) => new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), base, length * 8));
    return new RoomKeys(base, await bits(join('room id'), 16), await bits(join('commit'), 32));
  }

  /** The key of one sender. */
  senderKey(spk, uses) {
    const info = join('sender\0', EPOCH, spk);
    return crypto.subtle.deriveKey(hkdf(info), this.#base, { name: 'AES-GCM', length: 256 }, false, uses);
  }

  /** A person's code, of 12 symbols. */
  async personCode(spk) {
    return symbols(await sha256('chat/1 who\0', this.commit, spk), 12);
  }

  /** The room's code, of 16 symbols: equal on all screens exactly where all see the same members. */
  async roomCode(spks) {
    const members = [...new Set(spks.map((spk) => String.fromCharCode(...spk)))].sort();
    const bytes = members.map((member) => Uint8Array.from(member, (c) => c.charCodeAt(0)));
    return symbols(await sha256('chat/1 all\0', this.commit, ...bytes), 16);
  }
}

/**
 * One joining by a person: a key pair, and how often it has been used. It can't be stored. What is sealed is ready in the
 * order of the calls.
 */
export class Sealer {
  #pair;
  #key;
  #next = { [MESSAGE]: 0, [PROFILE]: 0 };
  #before = Promise.resolve();

  constructor(keys, pair, spk, key) {
    this.keys = keys;
    this.spk = spk;
    this.#pair = pair;
    this.#key = key;
  }

  /** A new key pair for one room. */
  static async generate(keys) {
    return Sealer.of(keys, await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']));
  }

  /** With a key pair that was made for this room. */
  static async of(keys, pair) {
    const spk = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return new Sealer(keys, pair, spk, await keys.senderKey(spk, ['encrypt']));
  }

  /** Seals a text; `ts` is when it is sent, in milliseconds since 1970. */
  sealText(nick, ts, text) {
    return this.#seal(MESSAGE, words(nick, ts, text));
  }

  /** Seals a profile. */
  sealProfile(nick) {
    return this.#seal(PROFILE, JSON.stringify({ nick }));
  }

  #seal(kind, inside) {
    // Taken before anything asynchronous happens: nothing is ever sealed twice under one.
    const n = this.#next[kind];
    this.#next[kind] += 1;
    const sealed = sealInside(this.keys, this.#pair.privateKey, this.#key, this.spk, kind, n, join(inside));
    // A short text is sealed sooner than a long one before it, and mustn't leave sooner.
    this.#before = Promise.allSettled([this.#before, sealed]).then(() => sealed);
    return this.#before;
  }
}

/** How many bytes the ciphertext of such a text has: what is sealed must be sent, so its size is checked before. */
export function sealedLength(nick, ts, text) {
  return filled(join(words(nick, ts, text)).length) + TAG;
}

/**
 * Seals what is inside already. Nobody but `Sealer` and tests may choose `n`.
 * @throws {RangeError} where `n` is used up: beyond 2^53 - 1 two numbers are the same
 */
export async function sealInside(keys, privateKey, key, spk, kind, n, inside) {
  if (!Number.isSafeInteger(n)) throw new RangeError('this session has sealed all that it may: join the room again');
  const aad = associated(keys, kind, spk, n);
  const cipher = { name: 'AES-GCM', iv: nonce(kind, n), additionalData: aad };
  const ct = new Uint8Array(await crypto.subtle.encrypt(cipher, key, pad(inside)));
  const sig = await crypto.subtle.sign('Ed25519', privateKey, await signed(keys, aad, ct));
  return { n, ct: encodeBase64url(ct), sig: encodeBase64url(new Uint8Array(sig)) };
}

/**
 * Opens what members sealed, and keeps count of each of them. Calls are to be made in the order of the log, and each is
 * done after the one before has ended.
 */
export class Opener {
  #keys;
  #senders = new Senders();
  #before = Promise.resolve();

  constructor(keys) {
    this.#keys = keys;
  }

  /** Something was lost that everybody is told of. */
  interrupt() {
    this.#inTurn(() => this.#senders.interrupt());
  }

  /**
   * @param {string} spk as the wire has it
   * @param {{n: number, ct: string, sig: string}} sealed
   * @returns {Promise<{kind: 'text', nick: string | null, ts: number, text: string, missing: number}
   *   | {kind: 'newer' | 'repeat' | 'unverifiable'}>}
   */
  openMessage(spk, sealed) {
    return this.#inTurn(() => this.#message(spk, sealed));
  }

  /**
   * @returns {Promise<{kind: 'profile', nick: string | null} | {kind: 'old' | 'unverifiable'}>} `old` changes nothing
   */
  openProfile(spk, sealed) {
    return this.#inTurn(() => this.#profile(spk, sealed));
  }

  #inTurn(act) {
    const turn = this.#before.then(act);
    this.#before = turn.catch(() => undefined);
    return turn;
  }

  async #message(spk, sealed) {
    const good = await this.#authenticate(MESSAGE, spk, sealed);
    if (good === null) return { kind: 'unverifiable' };
    const missing = this.#senders.count(spk, good.key, sealed.n);
    if (missing === null) return { kind: 'repeat' };
    const inside = readInside(good.padded);
    if (inside === null || typeof inside.get('k') !== 'string') return { kind: 'unverifiable' };
    if (inside.get('k') !== 'text') return { kind: 'newer' };
    const [ts, text] = [inside.get('ts'), inside.get('text')];
    if (typeof ts !== 'number' || typeof text !== 'string') return { kind: 'unverifiable' };
    return { kind: 'text', nick: nickOf(inside), ts, text, missing };
  }

  async #profile(spk, sealed) {
    const good = await this.#authenticate(PROFILE, spk, sealed);
    const inside = good && readInside(good.padded);
    if (!inside) return { kind: 'unverifiable' };
    return this.#senders.isNewer(spk, good.key, sealed.n) ? { kind: 'profile', nick: nickOf(inside) } : { kind: 'old' };
  }

  async #authenticate(kind, name, sealed) {
    const [spk, ct, sig] = [name, sealed.ct, sealed.sig].map(decodeBase64url);
    if (isWeak(spk) || isWeak(sig.slice(0, 32))) return null;
    try {
      const aad = associated(this.#keys, kind, spk, sealed.n);
      const publicKey = await crypto.subtle.importKey('raw', spk, 'Ed25519', false, ['verify']);
      if (!(await crypto.subtle.verify('Ed25519', publicKey, sig, await signed(this.#keys, aad, ct)))) return null;
      const key = this.#senders.keyOf(name) ?? await this.#keys.senderKey(spk, ['decrypt']);
      const cipher = { name: 'AES-GCM', iv: nonce(kind, sealed.n), additionalData: aad };
      return { key, padded: new Uint8Array(await crypto.subtle.decrypt(cipher, key, ct)) };
    } catch (error) {
      // WebCrypto speaks so of a bad key and of a bad tag alike.
      if (error instanceof DOMException) return null;
      throw error;
    }
  }
}

const hkdf = (info) => ({ name: 'HKDF', hash: 'SHA-256', salt: join('chat/1'), info });

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)));

const words = (nick, ts, text) => JSON.stringify({ k: 'text', nick, ts, text });

const nonce = (kind, n) => join([kind, 0, 0, 0], u64(n));

const associated = (keys, kind, spk, n) => join('chat/1 seal\0', [kind], keys.id, EPOCH, spk, u64(n));

const signed = async (keys, aad, ct) => join('chat/1 sign\0', keys.commit, aad, await sha256(ct));

function readInside(padded) {
  const bytes = unpad(padded);
  if (bytes === null) return null;
  try {
    return parseStrictObject(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function nickOf(inside) {
  try {
    const nick = inside.get('nick');
    return typeof nick === 'string' ? parseNick(nick, { plain: false }) : null;
  } catch (error) {
    if (error instanceof ParseNickError) return null;
    throw error;
  }
}

/** `y` of the points of order 8, both. */
const ORDER_8 = new Set(['JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU', 'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o']);

/**
 * Whether these bytes are one of the 14 encodings of points of small order: browsers accept them, and they prove nothing.
 */
function isWeak(encoded) {
  const y = Uint8Array.from(encoded);
  y[31] &= 0x7f;
  const middle = y.slice(1, 31);
  if (y[31] === 0 && middle.every((byte) => byte === 0) && y[0] <= 1) return true;
  if (y[31] === 0x7f && middle.every((byte) => byte === 0xff) && y[0] >= 0xec && y[0] <= 0xee) return true;
  return ORDER_8.has(encodeBase64url(y));
}
