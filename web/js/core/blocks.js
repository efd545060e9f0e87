//! The blocks of a text: its lines, quotes of them, and fenced code.

/** How deep quotes stand in quotes; what is deeper stays text. */
export const QUOTES_MAX = 4;

const FENCE = '```';
const QUOTE = /^>(?: |$)/;
const FENCED = /^([\w+#.-]*)[ \r]*\n([^]+)/;

/**
 * Splits a text. It looks at a line once a level, and at most twice for where code ends.
 * @template Part
 * @param {string} text
 * @param {(line: string, number: number) => Part[]} read of a line without its `> `, and of which one, from 0
 * @param {{left: number}} budget how many quotes and pieces of code may be made; what goes beyond stays text
 * @returns {({kind: 'lines', parts: (Part | string)[]} | {kind: 'quote', blocks: object[]}
 *   | {kind: 'fence', language: string, text: string})[]}
 */
export function blocksOf(text, read, budget) {
  return split(text.split('\n'), 0, 0, read, budget);
}

function split(lines, first, level, read, budget) {
  const blocks = [];
  let closes = true;
  for (let at = 0; at < lines.length;) {
    const from = at;
    const may = budget.left > 0;
    if (may && closes && lines[at].startsWith(FENCE) && !lines[at].includes('`', FENCE.length)) {
      do at += 1; while (at < lines.length && !lines[at].trimEnd().endsWith(FENCE));
      // Where this one isn't closed, none that opens further down is.
      closes = at < lines.length;
      at = closes ? at + 1 : from;
      if (!closes) continue;
      budget.left -= 1;
      blocks.push(fenced(lines.slice(from, at).join('\n')));
    } else if (may && level < QUOTES_MAX && QUOTE.test(lines[at])) {
      budget.left -= 1;
      while (at < lines.length && QUOTE.test(lines[at])) at += 1;
      const inner = lines.slice(from, at).map((line) => line.slice(2));
      blocks.push({ kind: 'quote', blocks: split(inner, first + from, level + 1, read, budget) });
    } else {
      if (blocks.at(-1)?.kind === 'lines') append(blocks.at(-1).parts, '\n');
      else blocks.push({ kind: 'lines', parts: [] });
      for (const part of read(lines[at], first + at)) append(blocks.at(-1).parts, part);
      at += 1;
    }
  }
  return blocks;
}

function fenced(source) {
  const inner = source.trimEnd().slice(FENCE.length, -FENCE.length);
  const [, language, text] = FENCED.exec(inner) ?? ['', '', inner];
  return { kind: 'fence', language, text: text.replace(/\n$/, '') };
}

/** Adds a part; strings that come to stand side by side become one. */
export function append(parts, part) {
  if (typeof part === 'string' && typeof parts.at(-1) === 'string') parts.push(parts.pop() + part);
  else if (part !== '') parts.push(part);
}
