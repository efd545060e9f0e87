//! A message's text as elements.

import { element } from './element.js';

const NAMES = { bold: 'strong', italic: 'em', struck: 's' };

/**
 * The elements of a message; each part of it has a direction of its own.
 * @param {import('../core/markup.js').Block[]} blocks
 * @returns {HTMLElement[]}
 */
export function markupElements(blocks) {
  return blocks.map((block) => {
    switch (block.kind) {
      case 'quote': return element('blockquote', {}, ...markupElements(block.blocks));
      case 'fence': return element('pre', { dir: 'ltr', 'data-language': block.language }, element('code', {}, block.text));
      default: return element('p', { dir: 'auto' }, ...block.parts.map(partNode));
    }
  });
}

function partNode(part) {
  if (typeof part === 'string') return part;
  const { kind, text } = part;
  switch (kind) {
    case 'code': return element('code', { dir: 'ltr' }, text);
    case 'link': return element('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer', dir: 'ltr' }, text);
    // A mention of oneself is told apart by more than its colour.
    case 'mention': return element(part.own ? 'mark' : 'span', { class: 'mention', dir: 'auto' }, text);
    default: return element(NAMES[kind], {}, ...part.parts.map(partNode));
  }
}
