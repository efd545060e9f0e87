//! Texts that a test makes up: random ones from a seed, and those that somebody would send to do harm.

/** Random whole numbers below a limit, the same ones for the same seed (xorshift). */
export function numbers(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** A text of up to `length` of these pieces. */
export function textOf(next, pieces, length) {
  return Array.from({ length: next(length + 1) }, () => pieces[next(pieces.length)]).join('');
}

/** What a message of the most bytes could be made of. */
export const HOSTILE = [
  '*', '**', '*a', '*.', '*a *', '***a', 'a* *b', '***a** b*', '~', '~~a', '~~a ', '`', '` ', '`` ` ', '`a', '```', '```\n', '```\n```\n',
  '>', '> ', '> \n', '> > > > > > x\n', '> ```\n', '> a\n> > b\n\n', '[', '(', ')', 'http://', 'http:\/\/a ', 'http:\/\/[', 'http:\/\/[ ',
  'https://a.example/) ', 'mailto:', '@', '@Ann ', '@An', '\n', '<', '&', '\\', '\u202e', 'a\u0301',
].map((piece) => piece.repeat(16_384 / piece.length)).concat(
  ['*', '**', '~~'].map((mark) => `${mark}a `.repeat(2000) + ` a${mark}`.repeat(2000)),
  `${'***a '.repeat(2000)}${' a*'.repeat(2000)}`,
  `${'*a ~~b '.repeat(1000)}${' a~~ b*'.repeat(1000)}`,
  `${'\n> ```\n'.repeat(1000)}${'> \n\n'.repeat(1000)}`,
);
