//! What the page remembers: the nickname from one visit to the next, and the room for a reload of this tab, nothing else.

const NICK = 'chat.nick';

const ROOM = 'chat.room';

/** The token of the room that this tab was in when it was reloaded, or nothing. It is gone with the tab. */
export function rememberedRoom() {
  try {
    return sessionStorage.getItem(ROOM) ?? '';
  } catch {
    return '';
  }
}

/** Remembers the room that this tab is in, or with `''` that it is in none. */
export function rememberRoom(token) {
  try {
    if (token === '') sessionStorage.removeItem(ROOM);
    else sessionStorage.setItem(ROOM, token);
  } catch {
    // Without storage a reload needs the link again.
  }
}

/** The nickname of the last visit, or nothing: storage may be forbidden, and may hold anything. */
export function rememberedNick() {
  try {
    return localStorage.getItem(NICK) ?? '';
  } catch {
    return '';
  }
}

/** Remembers `nick`, where the browser lets pages remember. */
export function rememberNick(nick) {
  try {
    localStorage.setItem(NICK, nick);
  } catch {
    // Without storage the person types the name again next time.
  }
}
