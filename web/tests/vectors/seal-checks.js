//! What three independent implementations of sealing agree on, for Node and for a browser alike.

/** A private key in the form that WebCrypto imports (RFC 8410, section 7). */
const PKCS8 = '302e020100300506032b657004220420';

const unhex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Runs every check.
 * @param {object} vectors `seal-v1.json`
 * @param {object} modules the page's modules
 * @returns {Promise<{checks: number, failures: string[]}>}
 */
export async function checkSealing(vectors, { seal, sealedToken, token, base64url }) {
  const failures = [];
  let checks = 0;
  const check = (good, what) => {
    checks += 1;
    if (!good) failures.push(what);
  };
  const secret = await sealedToken.secretOf(vectors.token);
  check(hex(secret) === vectors.secret, 'secret');
  check(await sealedToken.writeSealedToken(secret) === vectors.token, 'token');
  for (const same of vectors.same_token) {
    check(token.readInvite(same).token === vectors.token, `same token ${same}`);
  }
  for (const bad of vectors.bad_tokens) {
    let code = 'none';
    try {
      await sealedToken.secretOf(token.parseToken(bad.token));
    } catch (error) {
      code = error.code === 'empty' ? 'length' : error.code;
    }
    check(code === bad.why, `bad token ${bad.token}: ${code}`);
  }
  for (const bad of vectors.bad_base64url) check(!base64url.isBase64url(bad), `bad base64url ${bad}`);

  const keys = await seal.RoomKeys.derive(secret);
  check(base64url.encodeBase64url(keys.id) === vectors.room_id, 'room id');
  check(hex(keys.commit) === vectors.commit, 'commit');
  const spk = base64url.decodeBase64url(vectors.spk);
  const privateKey = await crypto.subtle.importKey(
    'pkcs8', unhex(PKCS8 + vectors.seed), 'Ed25519', false, ['sign'],
  );
  const senderKey = await keys.senderKey(spk, ['encrypt']);
  const listedKey = await crypto.subtle.importKey('raw', unhex(vectors.sender_key), 'AES-GCM', false, ['decrypt']);
  check(await keys.personCode(spk) === vectors.person_code, 'person code');
  const spks = vectors.room_code.spks.map(base64url.decodeBase64url);
  check(await keys.roomCode(spks) === vectors.room_code.code, 'room code');
  check(await keys.roomCode([...spks, spks[0]].reverse()) === vectors.room_code.code, 'room code in another order');

  const open = async (room, kind, name, sealed) => {
    const opener = new seal.Opener(room);
    const opened = kind === 1 ? await opener.openMessage(name, sealed) : await opener.openProfile(name, sealed);
    return opened.kind;
  };
  const bit = (text, at, mask) => {
    const bytes = base64url.decodeBase64url(text);
    bytes[at < 0 ? bytes.length + at : at] ^= mask;
    return base64url.encodeBase64url(bytes);
  };
  const another = await seal.RoomKeys.derive(new Uint8Array(16));
  const changes = new Map(Object.entries({
    'n + 1': (v) => open(keys, v.kind, vectors.spk, { ...v, n: v.n + 1 }),
    'kind 1 <-> 2': (v) => open(keys, 3 - v.kind, vectors.spk, v),
    'first bit of ct': (v) => open(keys, v.kind, vectors.spk, { ...v, ct: bit(v.ct, 0, 0x80) }),
    'last bit of ct': (v) => open(keys, v.kind, vectors.spk, { ...v, ct: bit(v.ct, -1, 1) }),
    'first bit of sig': (v) => open(keys, v.kind, vectors.spk, { ...v, sig: bit(v.sig, 0, 0x80) }),
    'bit of spk': (v) => open(keys, v.kind, bit(vectors.spk, 0, 1), v),
    'another room': (v) => open(another, v.kind, vectors.spk, v),
    'ct cut to 15 bytes': (v) => open(keys, v.kind, vectors.spk, {
      ...v, ct: base64url.encodeBase64url(base64url.decodeBase64url(v.ct).slice(0, 15)),
    }),
  }));
  for (const vector of vectors.seals) {
    const inside = new TextEncoder().encode(vector.pt);
    const ours = await seal.sealInside(keys, privateKey, senderKey, spk, vector.kind, vector.n, inside);
    check(ours.ct === vector.ct, `ct of n ${vector.n}`);
    const ct = base64url.decodeBase64url(ours.ct);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', ct));
    check(hex(digest) === vector.ct_sha256, `hash of the ct of n ${vector.n}`);
    const form = { name: 'AES-GCM', iv: unhex(vector.nonce), additionalData: unhex(vector.aad) };
    const padded = await crypto.subtle.decrypt(form, listedKey, ct).catch(() => new Uint8Array());
    const text = new TextDecoder().decode(new Uint8Array(padded).slice(0, inside.length));
    check(text === vector.pt, `sender key, nonce and aad of n ${vector.n}`);
    const kind = vector.kind === 1 ? 'text' : 'profile';
    check(await open(keys, vector.kind, vectors.spk, vector) === kind, `opening n ${vector.n}`);
    check(await open(keys, vector.kind, vectors.spk, ours) === kind, `opening our n ${vector.n}`);
    for (const { change } of vectors.must_fail_after) {
      const opened = changes.has(change) ? await changes.get(change)(vector) : 'a change that is not known here';
      check(opened === 'unverifiable', `${change}: ${opened}`);
    }
  }
  for (const vector of vectors.must_fail) {
    const opener = new seal.Opener(keys);
    const opened = await opener.openMessage(vectors.spk, vector);
    check(vector.kind === 1 && opened.kind === 'unverifiable', `${vector.why}: ${opened.kind}`);
    // What is the sender's counts, whatever is inside: only the last check may have refused it.
    const again = await opener.openMessage(vectors.spk, vector);
    const expected = vector.why === 'R of small order' ? 'unverifiable' : 'repeat';
    check(again.kind === expected, `${vector.why}, again: ${again.kind}`);
  }
  for (const weak of vectors.weak_spks) {
    const opened = await open(keys, 1, base64url.encodeBase64url(unhex(weak)), vectors.seals[0]);
    check(opened === 'unverifiable', `weak ${weak}`);
  }
  // The neutral point as a key: this signature, of the base point and 1, is good for whatever it is said to be of.
  const neutral = unhex(`01${'00'.repeat(31)}`);
  const forged = unhex(`58${'66'.repeat(31)}01${'00'.repeat(31)}`);
  const neutralKey = await keys.senderKey(neutral, ['encrypt']);
  const inside = new TextEncoder().encode(vectors.seals[0].pt);
  const anyones = await seal.sealInside(keys, privateKey, neutralKey, neutral, 1, 0, inside);
  const forgery = { ...anyones, sig: base64url.encodeBase64url(forged) };
  check(await open(keys, 1, base64url.encodeBase64url(neutral), forgery) === 'unverifiable', 'a forgery by a weak key');
  return { checks, failures };
}
