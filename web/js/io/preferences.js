//! What the page remembers from one visit to the next: the nickname, nothing else.

const NICK = 'chat.nick';

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
