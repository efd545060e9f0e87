//! Where words end.

// Some scripts put no spaces between words: there a word may end anywhere.
const WORD = /^(?:\p{M}|(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}_])/u;

/** Whether a part of a word stands at `at`. */
export function isWordAt(text, at) {
  const point = text.codePointAt(at);
  return point !== undefined && WORD.test(String.fromCodePoint(point));
}
