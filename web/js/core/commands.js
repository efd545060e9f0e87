//! What begins with `/`.

/**
 * All commands. `help` and `argument` are keys of sentences: what it does, and what is written behind its name.
 * @type {readonly {name: string, help: string, argument?: string}[]}
 */
export const COMMANDS = [
  { name: 'nick', help: 'command.nick', argument: 'command.argument_name' },
  { name: 'me', help: 'command.me', argument: 'command.argument_text' },
  { name: 'who', help: 'command.who' },
  { name: 'code', help: 'command.code' },
  { name: 'leave', help: 'command.leave' },
  { name: 'help', help: 'command.help' },
];

/**
 * Reads what was written. A path is no command; a misused one has an argument that it doesn't take, or none that it needs.
 * @param {string} text
 * @returns {{kind: 'say', text: string} | {kind: 'command' | 'misused' | 'unknown', name: string, argument: string}}
 */
export function parse(text) {
  if (text.startsWith('//')) return { kind: 'say', text: text.slice(1) };
  const [, written, rest = ''] = /^\/(\p{L}+)(?:\s([^]*))?$/u.exec(text) ?? [];
  if (written === undefined) return { kind: 'say', text };
  const name = written.toLowerCase();
  const argument = rest.trim();
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) return { kind: 'unknown', name, argument };
  if ((command.argument === undefined) !== (argument === '')) return { kind: 'misused', name, argument };
  return name === 'me' ? { kind: 'say', text: deed(argument) } : { kind: 'command', name, argument };
}

/** The author's name stands before it, so italics say it all; they end with their line. */
const deed = (text) => text.replace(/.+/g, (line) => (line.trim() && `*${line.trim()}*`));

/**
 * The commands that may be meant by what is written so far.
 * @param {string} text
 */
export function complete(text) {
  return text.startsWith('/') ? COMMANDS.filter(({ name }) => name.startsWith(text.slice(1).toLowerCase())) : [];
}
