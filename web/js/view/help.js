//! What can be written besides words.

import { COMMANDS } from '../core/commands.js';
import { say } from '../text/say.js';
import { button, element } from './element.js';

/** How a command is written. */
export function usageOf({ name, argument }) {
  return argument === undefined ? `/${name}` : `/${name} ${say(argument)}`;
}

/** The list of commands and marks, above everything else until it is closed. */
export class Help {
  /** @param {() => void} closed the focus goes back where it was */
  constructor(closed) {
    const commands = COMMANDS.flatMap((command) => [
      element('dt', {}, element('code', {}, usageOf(command))), element('dd', {}, say(command.help)),
    ]);
    const close = button('small primary', say('action.close'), () => this.root.close());
    close.setAttribute('autofocus', '');
    this.root = element('dialog', { class: 'dialog', 'aria-labelledby': 'help-heading' },
      element('h2', { id: 'help-heading', class: 'dialog-heading' }, say('command.heading')),
      element('dl', { class: 'help-list' }, ...commands),
      element('p', { class: 'help-text' }, say('command.slash')),
      element('p', { class: 'help-text' }, say('command.marks')),
      element('p', { class: 'help-text' }, say('command.completion')),
      element('p', { class: 'help-text' }, say('command.reply')),
      element('p', { class: 'help-text' }, say('command.keys')),
      close);
    // Escape closes this, and nothing behind it.
    this.root.addEventListener('keydown', (event) => event.stopPropagation());
    this.root.addEventListener('close', closed);
  }

  /** Shows it. */
  open() {
    this.root.showModal();
  }
}
