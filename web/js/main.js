//! The page: the way in, the visit, and back.

import { Caller } from './caller.js';
import { OF_THE_NICK, OF_THE_ROOM } from './core/closing.js';
import { SealedWire } from './core/sealed-wire.js';
import { canSeal } from './core/seal.js';
import { writeSealedToken } from './core/sealed-token.js';
import { isSealed, ParseTokenError } from './core/token.js';
import { createAddress, infoAddress, socketAddress } from './io/address.js';
import { now } from './io/clock.js';
import { takeFragment } from './io/fragment.js';
import { isOffline, keepForOffline } from './io/offline.js';
import {
  forgetStay, rememberDraft, rememberedChoices, rememberedLanguage, rememberedNick, rememberedStay, rememberLanguage, rememberNick,
} from './io/preferences.js';
import { randomBytes } from './io/random.js';
import { createRoom, CreateRoomError, fetchInfo } from './io/rooms.js';
import { followKeyboard } from './io/viewport.js';
import { chooseLanguage, language, say, sayError, setLanguage } from './text/say.js';
import { button } from './view/element.js';
import { Landing } from './view/landing.js';
import { Settings } from './view/settings.js';
import { Visit } from './visit.js';

const choices = rememberedChoices();
const caller = new Caller(choices);
const place = document.getElementById('page');
let landing = null;
let room = null;
let visit = null;
let sealing = false;
/** What the server allows, once that is known. */
let info = null;

/** A sealed token's secret, in bytes. */
const SECRET_BYTES = 16;

function showLanding(nick, notice = '') {
  room = null;
  visit = null;
  landing = new Landing({ host: window.location.host, nick, sealing, create, join, speak, settings: openSettings });
  caller.title = say('app.name');
  place.replaceChildren(landing.root);
  landing.showNotice(notice);
  landing.focus();
  offer();
}

/** Asked for once there is something to look at: nobody waits for it. */
async function offer() {
  const asking = landing;
  info ??= await fetchInfo(infoAddress(document.baseURI));
  if (info !== null && landing === asking) landing.offer(info);
}

/** Goes on in another language. */
async function speak(code) {
  rememberLanguage(code);
  const spoken = await setLanguage(code);
  // Somebody may have gone on into a room meanwhile.
  if (landing === null) return;
  if (!spoken) {
    landing.showNotice(say('landing.language_failed'));
    return;
  }
  document.documentElement.lang = language();
  const { typed } = landing;
  showLanding(typed.nick);
  landing.goOn(typed);
}

/** Where they are closed, the focus goes back to the button that is there then. */
function openSettings() {
  const chosen = chosenLanguage();
  const settings = new Settings({
    choices,
    language: chosen,
    speak: (code) => (landing === null ? speakLater(settings, code) : speakAnew(settings, code)),
    closed: () => document.querySelector('.open-settings').focus(),
  });
  settings.open();
  if (landing === null) speakLater(settings, chosen);
  return settings;
}

/** In another language there are other settings. */
async function speakAnew(settings, code) {
  await speak(code);
  if (language() !== code) return settings.showLanguage(say('landing.language_failed'));
  settings.root.remove();
  return openSettings().focusLanguage();
}

/** What a room holds is said: it stands in another language after a reload, if that leads back here. */
function speakLater(settings, code) {
  if (code !== chosenLanguage()) rememberLanguage(code);
  if (code === language()) settings.showLanguage();
  else if (code !== chosenLanguage() || rememberedStay() === null) settings.showLanguage(say('settings.language_later'));
  else settings.showLanguage(say('settings.language_reload'), button('small', say('settings.reload'), () => window.location.reload()));
}

function showRoom(view) {
  // Joining again says so once more.
  if (room === view) return;
  room = view;
  landing = null;
  caller.title = say('app.title_in_room');
  place.replaceChildren(view.root);
  view.composer.focus();
}

/** The language that a visit begins with. */
function chosenLanguage() {
  return chooseLanguage(rememberedLanguage(), navigator.languages);
}

async function create(nick, { plain, opts, createKey }) {
  landing.busy = 'creating';
  if (!plain) {
    // Drawn here: the server is never told of it.
    await join(await writeSealedToken(randomBytes(SECRET_BYTES)), nick, { create: true, opts, createKey, isNew: true });
    return;
  }
  try {
    await join(await createRoom(createAddress(document.baseURI), opts, createKey), nick, { isNew: true });
  } catch (error) {
    if (!(error instanceof CreateRoomError)) throw error;
    landing.busy = null;
    if (error.code === 'create_key') return landing.askForKey();
    landing.showNotice(sayError('error', error.code, error));
    landing.focus();
  }
}

async function join(token, nick, how = {}) {
  rememberNick(nick);
  // Another room has nothing to do with what was being written.
  if (rememberedStay()?.token !== token) rememberDraft('');
  landing.busy = 'joining';
  if (await prepare({ token, nick, ...how })) visit.start();
}

/** Goes on with a stay in which this tab was reloaded. */
async function comeBack(stay) {
  if (!await prepare(stay)) return;
  showRoom(visit.view);
  visit.start();
}

/** Whether there is a visit that can begin. */
async function prepare({ token, nick, create: open = false, opts, createKey, ...stay }) {
  let wire;
  try {
    if (isSealed(token)) {
      if (!sealing) return refuse(token, nick, 'no_crypto');
      wire = await SealedWire.open({ token, nick, create: open, createKey, opts, now });
    }
  } catch (error) {
    if (!(error instanceof ParseTokenError)) throw error;
    if (landing === null) showLanding(nick);
    landing.busy = null;
    return landing.refuseToken(token, error);
  }
  visit = new Visit({
    token,
    nick,
    ...stay,
    createKey,
    wire,
    page: window.location.href,
    address: socketAddress(document.baseURI),
    entered: showRoom,
    settings: openSettings,
    told: (message) => caller.message(message),
    refused: (code, values) => refuse(token, nick, code, values),
    left: (last, code) => {
      rememberNick(last);
      forgetStay();
      showLanding(last, say('error.left'));
      if (code !== 'left') refuse(token, last, code);
    },
  });
  return true;
}

/** Nobody gets in by this: back to the landing page, with what is wrong. */
function refuse(token, nick, code, values = {}) {
  if (landing === null) showLanding(nick);
  landing.busy = null;
  // It was to be opened here: what was chosen for it stays.
  if (code === 'create_key') return landing.askForKey();
  if (OF_THE_ROOM.has(code)) forgetStay();
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

// Before anything is awaited: the token leaves the address bar at once.
const fragment = takeFragment();
const stay = rememberedStay();
[sealing] = await Promise.all([canSeal(), setLanguage(chosenLanguage())]);
document.documentElement.lang = language();
if (fragment === '' && stay !== null) await comeBack(stay);
else showLanding(rememberedNick());
if (fragment !== '') landing.invite(fragment);
if (isOffline()) landing?.showNotice(say('landing.offline'));
followKeyboard();
window.addEventListener('hashchange', openFragment);
window.addEventListener('keydown', (event) => room?.takeKey(event));
window.addEventListener('beforeunload', (event) => visit?.isOutstanding && event.preventDefault());
await keepForOffline();
