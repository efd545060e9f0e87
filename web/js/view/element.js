//! Building the page's elements. Text gets in as text only.

/**
 * A new element.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children strings become text
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/**
 * A nick, kept apart from the direction of the text around it.
 * @param {string} nick
 * @returns {HTMLElement}
 */
export function nickElement(nick) {
  return element('bdi', { class: 'nick' }, nick);
}

/**
 * A button.
 * @param {string} kind its class
 * @param {string} label
 * @param {() => void} press
 * @returns {HTMLButtonElement}
 */
export function button(kind, label, press) {
  const made = element('button', { type: 'button', class: `button ${kind}` }, label);
  made.addEventListener('click', press);
  return made;
}
