//! Between the session and its socket in a sealed room: what goes out is sealed, what comes in is opened, and the session
//! sees names and texts as in a plain one.

import { decodeBase64url, encodeBase64url } from './base64url.js';
import { decodeServerFrame, DecodeFrameError, encodeClientFrame, utf8Length } from './frames.js';
import { Opener, RoomKeys, sealedLength, Sealer } from './seal.js';
import { secretOf } from './sealed-token.js';

/** How far a sealed time may be from one's own clock without being marked, in milliseconds. */
const OFF_CLOCK_MS = 120_000;

/** How many faces are remembered. */
const FACES_MAX = 4096;

/** A sealed signature, in bytes. */
const SIGNATURE = 64;

/** One joining of a sealed room, over all its connections. */
export class SealedWire {
  #sealer;
  #opener;
  #now;
  #spk;
  #nick;
  #profile;
  /** What is outstanding, sealed. */
  #sent = new Map();
  #faces = new Map();
  #inst = null;
  #isLive = false;

  /**
   * @param {{token: string, nick: string, create: boolean, createKey?: string, opts?: object, now: () => number}} options a token as
   * `parseToken` has it; `create` opens the room where it isn't there, as `opts` wishes it, and `createKey` is the server's key,
   * shown whenever it is opened
   * @returns {Promise<SealedWire>}
   * @throws {import('./token.js').ParseTokenError} `checksum`
   */
  static async open({ token, nick, create, createKey, opts, now }) {
    const keys = await RoomKeys.derive(await secretOf(token));
    const wire = new SealedWire();
    wire.#sealer = await Sealer.generate(keys);
    wire.#opener = new Opener(keys);
    wire.#now = now;
    wire.#spk = encodeBase64url(wire.#sealer.spk);
    wire.#nick = nick;
    wire.#profile = wire.#sealer.sealProfile(nick);
    /** What the `hello` says of the room. */
    wire.room = { room: encodeBase64url(keys.id), ...(create && { create, opts }), createKey };
    return wire;
  }

  /** How many bytes the frame of such a send has. */
  frameSize(id, text) {
    const bytes = (length) => 'A'.repeat(Math.ceil((length * 4) / 3));
    const m = { n: Number.MAX_SAFE_INTEGER, ct: bytes(sealedLength(this.#nick, this.#now(), text)), sig: bytes(SIGNATURE) };
    return utf8Length(encodeClientFrame({ t: 'send', id, m }));
  }

  /**
   * Seals a frame of the session. Calls are to be made in the order in which the results go out.
   * @param {string} text
   * @returns {Promise<string>}
   */
  outgoing(text) {
    const frame = JSON.parse(text);
    switch (frame.t) {
      case 'hello': return this.#hello(frame);
      case 'send': return this.#send(frame);
      case 'profile': return this.#rename(frame);
      default: return Promise.resolve(text);
    }
  }

  /**
   * Opens a frame of the server. Each call is to be made after the one before has ended.
   * @param {string} text
   * @returns {Promise<object>} with names and texts, and what is known of them
   * @throws {DecodeFrameError}
   */
  async incoming(text) {
    const frame = decodeServerFrame(text);
    switch (frame.t) {
      case 'welcome': return this.#welcome(frame);
      case 'join': return { ...frame, peer: await this.#peer(frame.peer) };
      case 'profile': return { ...frame, ...await this.#face(frame) };
      case 'msg': return this.#message(frame);
      case 'gap':
        this.#opener.interrupt();
        return frame;
      case 'live':
        this.#isLive = true;
        return frame;
      default: return frame;
    }
  }

  /** The code of a room with these people. */
  roomCode(people) {
    return this.#sealer.keys.roomCode(people.map((person) => decodeBase64url(person.spk)));
  }

  /** This send needs no repeating any more. */
  settled(id) {
    this.#sent.delete(id);
  }

  async #hello({ nick, ...frame }) {
    // A name that was neither seen nor asked for is one that the person chose for this attempt.
    if (nick !== (this.#faces.get(this.#spk) ?? this.#nick)) this.#name(nick);
    return encodeClientFrame({ ...frame, spk: this.#spk, profile: await this.#profile });
  }

  #send({ id, text }) {
    // A repeat is the same bytes: nothing is sealed twice.
    if (!this.#sent.has(id)) {
      const sealed = this.#sealer.sealText(this.#nick, this.#now(), text)
        .then((m) => ({ m, wire: encodeClientFrame({ t: 'send', id, m }) }));
      this.#sent.set(id, sealed);
      // What could not be sealed is sealed anew when it is repeated.
      sealed.catch(() => this.#sent.delete(id));
    }
    return this.#sent.get(id).then(({ wire }) => wire);
  }

  async #rename({ nick }) {
    this.#name(nick);
    return encodeClientFrame({ t: 'profile', profile: await this.#profile });
  }

  #name(nick) {
    if (nick === this.#nick) return;
    this.#nick = nick;
    this.#profile = this.#sealer.sealProfile(nick);
  }

  async #welcome(frame) {
    // A server that calls the room plain would have names and texts.
    if (frame.room.kind !== 'sealed') throw new DecodeFrameError('bad_frame');
    if (this.#inst !== null && this.#inst !== frame.inst) this.#opener.interrupt();
    this.#inst = frame.inst;
    this.#isLive = false;
    const peers = [];
    for (const peer of frame.peers) peers.push(await this.#peer(peer));
    return { ...frame, peers };
  }

  async #peer(peer) {
    return { ...peer, ...await this.#face(peer) };
  }

  async #face({ spk, profile }) {
    if (spk === undefined) throw new DecodeFrameError('bad_frame');
    const code = await this.#sealer.keys.personCode(decodeBase64url(spk));
    const opened = await this.#opener.openProfile(spk, profile);
    if (opened.kind === 'profile') this.#remember(spk, opened.nick);
    const verified = opened.kind !== 'unverifiable';
    return { spk, code, verified, nick: (verified ? this.#faces.get(spk) : null) ?? code };
  }

  async #message({ t, seq, ts, from, id, spk, m }) {
    if (spk === undefined) throw new DecodeFrameError('bad_frame');
    const own = spk === this.#spk;
    const frame = { t, seq, ts, from, own };
    const sent = own ? await this.#sent.get(id) : undefined;
    // Seen back is what came back unchanged. Nobody else's `id` says anything: they all count from one.
    if (sent !== undefined && sent.m.n === m.n && sent.m.ct === m.ct && sent.m.sig === m.sig) frame.id = id;
    const opened = await this.#opener.openMessage(spk, m);
    if (opened.kind !== 'text') return { ...frame, opaque: opened.kind };
    const code = await this.#sealer.keys.personCode(decodeBase64url(spk));
    return {
      ...frame,
      ts: opened.ts,
      nick: opened.nick ?? code,
      text: opened.text,
      code,
      missing: opened.missing,
      offClock: this.#isLive && Math.abs(opened.ts - this.#now()) > OFF_CLOCK_MS,
    };
  }

  #remember(spk, nick) {
    this.#faces.delete(spk);
    this.#faces.set(spk, nick);
    if (this.#faces.size > FACES_MAX) this.#faces.delete(this.#faces.keys().next().value);
  }
}
