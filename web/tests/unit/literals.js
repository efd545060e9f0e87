//! Finds sentences that stand in the code of the page, where nobody translates them.

import { parse } from 'acorn';

/** Attributes and properties that people read or hear. */
const SEEN = new Set([
  'alt', 'aria-description', 'aria-label', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext', 'ariaDescription',
  'ariaLabel', 'hint', 'innerText', 'label', 'nodeValue', 'placeholder', 'textContent', 'title',
]);

/** Calls whose arguments from the given one on are seen; the ones before it never are. */
const SHOWING = {
  element: 2, button: 1, CopyButton: 1, Notification: 0, append: 0, prepend: 0, replaceChildren: 0, replaceWith: 0, before: 0, after: 0,
  createTextNode: 0, Text: 0, show: 0, showError: 0, showNickError: 0, showNotice: 0, showTime: 0, addLine: 1,
};

/** Calls whose arguments look like words and are none. */
const NAMING = new Set(['closest', 'matches', 'matchMedia', 'querySelector', 'querySelectorAll', 'say', 'sayError', 'setProperty']);

/** The names of keys as browsers have them. */
const KEY = /^(Arrow(Up|Down|Left|Right)|Backspace|Delete|End|Enter|Escape|Home|Page(Up|Down)|Shift|Tab)$/;

/** Words with a space between; `\0` stands for what a template fills in. */
const PROSE = /[\p{L}\p{N}\0][)\]»”"',.:;!?…]*\s+[(«“"']*\p{L}/u;
const FOREIGN = /(?!\p{ASCII})\p{L}/u;
const CAPITALISED = /^\p{Lu}\p{Ll}/u;

/**
 * Texts that people would see.
 * @param {string} source of a module
 * @returns {{line: number, text: string}[]}
 */
export function literalTexts(source) {
  const found = [];
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  visit(program, [], (node, parents) => {
    const text = textOf(node);
    if (text === null) return;
    const use = useOf(node, parents);
    const isWrong = use === 'seen' ? /\p{L}/u.test(text) : use === 'unknown' && looksWritten(text);
    if (isWrong) found.push({ line: node.loc.start.line, text });
  });
  return found;
}

function visit(node, parents, look) {
  look(node, parents);
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type === 'string') visit(child, [node, ...parents], look);
  }
}

function textOf(node) {
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked).join('\0');
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function looksWritten(text) {
  return PROSE.test(text) || FOREIGN.test(text) || (CAPITALISED.test(text) && !KEY.test(text));
}

/** Where a text ends up: `seen`, `code`, or `unknown`. */
function useOf(node, [parent, ...parents]) {
  switch (parent.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'SwitchCase':
    case 'MemberExpression':
      return 'code';
    case 'BinaryExpression':
      return parent.operator === '+' ? useOf(parent, parents) : 'code';
    case 'ConditionalExpression':
      return parent.test === node ? 'code' : useOf(parent, parents);
    case 'ArrayExpression':
    case 'LogicalExpression':
    case 'SpreadElement':
    case 'TemplateLiteral':
    case 'ArrowFunctionExpression':
      return useOf(parent, parents);
    case 'Property':
      if (parent.key === node) return 'code';
      return SEEN.has(parent.key.name ?? parent.key.value) ? 'seen' : useOfObject(parent, parents);
    case 'AssignmentExpression':
      return SEEN.has(parent.left.property?.name) ? 'seen' : 'unknown';
    case 'CallExpression':
    case 'NewExpression':
      return useOfArgument(node, parent);
    default:
      return 'unknown';
  }
}

/** The other attributes of an element are code. */
function useOfObject(property, [object, call]) {
  return nameOf(call) === 'element' && call.arguments[1] === object ? 'code' : 'unknown';
}

function useOfArgument(node, call) {
  const name = nameOf(call);
  const place = call.arguments.indexOf(node);
  if (name === 'setAttribute') return place === 1 && SEEN.has(call.arguments[0].value) ? 'seen' : 'code';
  if (Object.hasOwn(SHOWING, name)) return place >= SHOWING[name] ? 'seen' : 'code';
  // What is thrown is for those who read the code.
  return NAMING.has(name) || name.endsWith('Error') ? 'code' : 'unknown';
}

function nameOf(call) {
  return call?.callee?.name ?? call?.callee?.property?.name ?? '';
}
