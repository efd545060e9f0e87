//! The page: the way in, the visit, and back.

import { createAddress, socketAddress } from './io/address.js';
import { takeFragment } from './io/fragment.js';
import { rememberedNick, rememberNick } from './io/preferences.js';
import { createRoom, CreateRoomError } from './io/rooms.js';
import { LANGUAGE, say, sayError } from './text/say.js';
import { Landing } from './view/landing.js';
import { Visit } from './visit.js';

const place = document.getElementById('page');
let landing = null;
let room = null;

/** Refusals that have to do with the name: the room is still worth another attempt. */
const OF_THE_NICK = new Set(['bad_nick', 'nick_taken']);

/** Refusals after which the room isn't there any more. */
const OF_THE_ROOM = new Set(['no_room', 'room_ended']);

function showLanding(nick, notice = '') {
  room = null;
  landing = new Landing({ host: window.location.host, nick, create, join });
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

async function create(nick) {
  landing.busy = 'creating';
  try {
    join(await createRoom(createAddress(document.baseURI)), nick);
  } catch (error) {
    if (!(error instanceof CreateRoomError)) throw error;
    landing.busy = null;
    landing.showNotice(sayError('error', error.code, error));
    landing.focus();
  }
}

function join(token, nick) {
  rememberNick(nick);
  landing.busy = 'joining';
  new Visit({
    token,
    nick,
    page: window.location.href,
    address: socketAddress(document.baseURI),
    entered: showRoom,
    refused: (code, values) => showRefusal(token, code, values),
    left: (last) => {
      rememberNick(last);
      showLanding(last, say('landing.left'));
    },
  }).start();
}

function showRefusal(token, code, values) {
  landing.busy = null;
  if (!OF_THE_ROOM.has(code)) landing.invite(token);
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
showLanding(rememberedNick());
openFragment();
window.addEventListener('hashchange', openFragment);
