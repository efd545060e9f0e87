//! What is quoted in a reply.

/** The most lines of a quote. */
const LINES_MAX = 3;

/** The most characters of a quote. */
const CHARACTERS_MAX = 200;

const QUOTED = /^>(?: |$)/;
const FENCE = /^```/;

/**
 * The beginning of a message as lines of a quote, each with its end; what the message itself quotes is left out.
 * @param {string} text
 * @param {string} [nick] of the author, who is mentioned
 * @returns {string}
 */
export function quoteOf(text, nick) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !FENCE.test(line));
  const own = lines.filter((line) => !QUOTED.test(line));
  const whole = own.length > 0 ? own : lines.map((line) => line.replace(/^[> ]+/, ''));
  const short = shortened(whole.slice(0, LINES_MAX).join('\n'));
  const isCut = whole.length > LINES_MAX || short.length < whole.join('\n').length;
  const author = nick === undefined ? '' : `@${nick}: `;
  return `${author}${short}${isCut ? '…' : ''}`.split('\n').map((line) => `> ${line}\n`).join('');
}

/** Whole characters, of which one has two units at the most. */
const shortened = (text) => Array.from(text.slice(0, 2 * CHARACTERS_MAX)).slice(0, CHARACTERS_MAX).join('').trimEnd();
