//! The page's icon, in the browser's tab and where the page is installed.

/** What stands in the corner; its letter says by more than colour what it is. */
const badge = (mark, colour) => '<circle cx="44" cy="44" r="20" stroke="#fff" stroke-width="3" '
  + `fill="${colour}"/><text x="44" y="54" font-family="sans-serif" font-size="28" font-weight="700" text-anchor="middle" fill="#fff">${mark}</text>`;

/** The most that is legible at 16 pixels. */
const COUNT_MAX = 9;

const markOf = (unread, mentions) => (mentions > 0 ? '@' : unread > COUNT_MAX ? '+' : String(unread));

/** The icon, with a mark while something is unread. */
export class Icon {
  #link = document.querySelector('link[rel="icon"]');
  #plain = this.#link.href;
  #mark = '';
  /** The icon as it is drawn. */
  #drawing = null;

  /** Where the icon is. */
  get address() {
    return this.#plain;
  }

  /** Shows how much is unread. */
  async show(unread, mentions) {
    this.#badge(unread);
    const mark = unread === 0 ? '' : markOf(unread, mentions);
    if (mark === this.#mark) return;
    this.#mark = mark;
    if (mark === '') {
      this.#link.href = this.#plain;
      return;
    }
    this.#drawing ??= fetch(this.#plain).then((answer) => answer.text()).catch(() => null);
    const drawing = await this.#drawing;
    // Without a network there is still the title.
    if (drawing === null) this.#drawing = null;
    else if (mark === this.#mark) {
      const marked = drawing.replace('</svg>', `${badge(mark, mentions > 0 ? '#b3261e' : '#8a4b00')}</svg>`);
      this.#link.href = `data:image/svg+xml,${encodeURIComponent(marked)}`;
    }
  }

  /** Where the page is installed. */
  #badge(unread) {
    // Not every browser has it, and it may be forbidden.
    navigator.setAppBadge?.(unread).catch(() => {});
  }
}
