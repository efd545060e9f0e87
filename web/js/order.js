//! What was written in the composer: words to be sent, or a command to be done.

import { COMMANDS, parse } from './core/commands.js';
import { expand } from './core/emoji.js';
import { parseNick, ParseNickError } from './core/nick.js';
import { say, sayError } from './text/say.js';
import { usageOf } from './view/help.js';

/** As much of a command that there isn't as is said back, in UTF-16 units. */
const NAME_MAX = 24;

/**
 * Does what was written.
 * @param {string} text
 * @param {(text: string) => string | null} send
 * @param {Record<string, (argument: string) => string | null>} deeds what each command does. All of them return what is
 * wrong as a sentence, or `null`
 * @returns {string | null}
 */
export function obey(text, send, deeds) {
  const order = parse(text);
  switch (order.kind) {
    case 'say': return send(expand(order.text));
    case 'unknown': return say('command.unknown', { name: shortened(order.name) });
    case 'misused': return say('command.misused', { usage: usageOf(COMMANDS.find(({ name }) => name === order.name)) });
    default: return deeds[order.name](order.argument);
  }
}

/**
 * Asks for the name that a command gives.
 * @param {string} argument
 * @param {(nick: string) => void} rename
 * @returns {string | null}
 */
export function renameTo(argument, rename) {
  try {
    rename(parseNick(argument, { plain: true }));
    return null;
  } catch (error) {
    if (!(error instanceof ParseNickError)) throw error;
    return sayError('nick', error.code, error);
  }
}

const shortened = (name) => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX).toWellFormed()}…` : name);
