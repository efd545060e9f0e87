//! Padding that hides exact lengths (protocol, section 5): one byte 80, then zeros.

/** The length to which a text of `length` bytes and its mark are filled. */
export function filled(length) {
  const needed = length + 1;
  if (needed > 4096) return Math.ceil(needed / 4096) * 4096;
  let size = 128;
  while (size < needed) size *= 2;
  return size;
}

/** Fills a text. */
export function pad(text) {
  const padded = new Uint8Array(filled(text.length));
  padded.set(text);
  padded[text.length] = 0x80;
  return padded;
}

/** What was filled, `null` where it wasn't filled so, or with more than it needs. */
export function unpad(padded) {
  let mark = padded.length - 1;
  while (mark >= 0 && padded[mark] === 0) mark -= 1;
  return mark >= 0 && padded[mark] === 0x80 && padded.length === filled(mark) ? padded.slice(0, mark) : null;
}
