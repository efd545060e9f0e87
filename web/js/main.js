//! The page: the way in, the visit, and back.

import { SealedWire } from './core/sealed-wire.js';
import { canSeal } from './core/seal.js';
import { writeSealedToken } from './core/sealed-token.js';
import { isSealed, ParseTokenError } from './core/token.js';
import { createAddress, socketAddress } from './io/address.js';
import { now } from './io/clock.js';
import { takeFragment } from './io/fragment.js';
import { rememberedNick, rememberedRoom, rememberNick, rememberRoom } from './io/preferences.js';
import { randomBytes } from './io/random.js';
import { createRoom, CreateRoomError } from './io/rooms.js';
import { LANGUAGE, say, sayError } from './text/say.js';
import { Landing } from './view/landing.js';
import { Visit } from './visit.js';

const place = document.getElementById('page');
let landing = null;
let room = null;
let sealing = false;

/** A sealed token's secret, in bytes. */
const SECRET_BYTES = 16;

/** Refusals that have to do with the name: the room is still worth another attempt. */
const OF_THE_NICK = new Set(['bad_nick', 'nick_taken']);

/** Refusals after which the room isn't there any more. */
const OF_THE_ROOM = new Set(['no_room', 'room_ended']);

function showLanding(nick, notice = '') {
  room = null;
  rememberRoom('');
  landing = new Landing({ host: window.location.host, nick, sealing, create, join });
  document.title = say('app.name');
  place.replaceChildren(landing.root);
  landing.showNotice(notice);
  landing.focus();
}

function showRoom(view) {
  // Joining again says so once more.
  if (room === view) return;
  room = view;
  landing = null;
  document.title = say('app.title_in_room');
  place.replaceChildren(view.root);
  view.composer.focus();
}

async function create(nick, plain) {
  landing.busy = 'creating';
  if (!plain) {
    // Drawn here: the server is never told of it.
    await join(await writeSealedToken(randomBytes(SECRET_BYTES)), nick, { create: true });
    return;
  }
  try {
    await join(await createRoom(createAddress(document.baseURI)), nick);
  } catch (error) {
    if (!(error instanceof CreateRoomError)) throw error;
    landing.busy = null;
    landing.showNotice(sayError('error', error.code, error));
    landing.focus();
  }
}

async function join(token, nick, { create: open = false } = {}) {
  rememberNick(nick);
  landing.busy = 'joining';
  let wire;
  if (isSealed(token)) {
    if (!sealing) return showRefusal(token, 'no_crypto', {});
    try {
      wire = await SealedWire.open({ token, nick, create: open, now });
    } catch (error) {
      if (!(error instanceof ParseTokenError)) throw error;
      landing.busy = null;
      return landing.refuseToken(token, error);
    }
  }
  return new Visit({
    token,
    nick,
    wire,
    page: window.location.href,
    address: socketAddress(document.baseURI),
    entered: (view) => {
      rememberRoom(token);
      showRoom(view);
    },
    refused: (code, values) => showRefusal(token, code, values),
    left: (last) => {
      rememberNick(last);
      showLanding(last, say('landing.left'));
    },
  }).start();
}

function showRefusal(token, code, values) {
  landing.busy = null;
  if (code === 'no_room' && isSealed(token)) landing.offerToOpen(token);
  else if (!OF_THE_ROOM.has(code)) landing.invite(token);
  if (OF_THE_NICK.has(code)) landing.showNickError(sayError('nick', code, values));
  else {
    landing.showNotice(sayError('error', code, values));
    landing.focus();
  }
}

function openFragment() {
  const text = takeFragment();
  if (text === '') return;
  if (room === null) landing.invite(text);
  else room.notice.show(say('room.invite_while_inside'));
}

document.documentElement.lang = LANGUAGE;
// Before anything is awaited: the token leaves the address bar at once.
const fragment = takeFragment();
const reloaded = rememberedRoom();
sealing = await canSeal();
showLanding(rememberedNick());
if (fragment !== '' || reloaded !== '') landing.invite(fragment === '' ? reloaded : fragment);
window.addEventListener('hashchange', openFragment);
