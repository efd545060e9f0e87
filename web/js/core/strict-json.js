//! JSON (RFC 8259), read strictly: two readers that differ in what they make of a text could be shown different things.

const DEPTH = 8;

/**
 * Reads a text that is one object: no member twice (after unescaping, at any depth), no half of a surrogate pair, at most
 * 8 levels, numbers whole, without a sign, and at most 2^53 - 1.
 * @param {string} text
 * @returns {Map<string, unknown> | null} its members, `null` where it isn't such an object
 */
export function parseStrictObject(text) {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.isAtEnd && value instanceof Map ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const WORD = /true|false|null/y;

class Reader {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  get isAtEnd() {
    return this.#at === this.#text.length;
  }

  value(depth) {
    this.#take(SPACE);
    const value = this.#bare(depth);
    this.#take(SPACE);
    return value;
  }

  #bare(depth) {
    switch (this.#text[this.#at]) {
      case '"': return this.#string();
      case '{': return this.#object(depth + 1);
      case '[': return this.#array(depth + 1);
      default: break;
    }
    const digits = this.#take(NUMBER);
    if (digits !== null) {
      const number = Number(digits);
      if (!Number.isSafeInteger(number)) throw new SyntaxError();
      return number;
    }
    const word = this.#take(WORD);
    if (word === null) throw new SyntaxError();
    return JSON.parse(word);
  }

  #object(depth) {
    const members = new Map();
    this.#open(depth);
    if (this.#has('}')) return members;
    do {
      this.#take(SPACE);
      const name = this.#string();
      this.#take(SPACE);
      if (members.has(name) || !this.#has(':')) throw new SyntaxError();
      members.set(name, this.value(depth));
    } while (this.#has(','));
    if (!this.#has('}')) throw new SyntaxError();
    return members;
  }

  #array(depth) {
    const items = [];
    this.#open(depth);
    if (this.#has(']')) return items;
    do items.push(this.value(depth)); while (this.#has(','));
    if (!this.#has(']')) throw new SyntaxError();
    return items;
  }

  #open(depth) {
    if (depth > DEPTH) throw new SyntaxError();
    this.#at += 1;
    this.#take(SPACE);
  }

  #string() {
    const raw = this.#take(STRING);
    if (raw === null) throw new SyntaxError();
    const string = JSON.parse(raw);
    if (/\p{Surrogate}/u.test(string)) throw new SyntaxError();
    return string;
  }

  #has(character) {
    const has = this.#text[this.#at] === character;
    if (has) this.#at += 1;
    return has;
  }

  #take(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }
}
