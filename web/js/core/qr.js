//! QR codes (ISO/IEC 18004:2015): byte mode, error correction level M, versions 1 to 13. A link of the longest host name fits.

/** Of each version: its codewords of data, in how many blocks they stand, and the check codewords of each (table 9). */
const VERSIONS = [
  [16, 1, 10], [28, 1, 16], [44, 1, 26], [64, 2, 18], [86, 2, 24], [108, 4, 16], [124, 4, 18], [154, 4, 22], [182, 5, 22],
  [216, 5, 26], [254, 5, 30], [290, 8, 22], [334, 9, 22],
];

/** Where a mask is 0 the data is turned over (table 10). */
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/**
 * Draws a text, as small as it can be.
 * @param {string} text
 * @returns {boolean[][] | null} rows without the quiet zone, `true` where it is dark; `null` where the text has more than 331
 * bytes
 */
export function encodeQr(text) {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + VERSIONS.findIndex(([capacity], at) => bytes.length + (at < 9 ? 2 : 3) <= capacity);
  if (version === 0) return null;
  const codewords = codewordsOf(bytes, version);
  const symbols = MASKS.map((_, mask) => draw(version, codewords, mask));
  const penalties = symbols.map(penaltyOf);
  return symbols[penalties.indexOf(Math.min(...penalties))].map((row) => row.map(Boolean));
}

/** The bytes with all that belongs to them, in the order in which they are drawn (sections 7.4 to 7.6). */
function codewordsOf(bytes, version) {
  const [capacity, count, checks] = VERSIONS[version - 1];
  const stream = [...(version > 9 ? [bytes.length >> 8] : []), bytes.length & 0xff, ...bytes, 0];
  // The mode comes first and takes half a byte; the half that is left at the end is the terminator.
  const data = stream.map((byte, at) => ((at === 0 ? 4 : stream[at - 1] & 15) << 4) | (byte >> 4));
  for (let pad = 0xec; data.length < capacity; pad ^= 0xfd) data.push(pad);
  const blocks = [];
  // Where it doesn't come out even, the last ones are longer by one.
  for (let n = 0, at = 0; n < count; n += 1) blocks.push(data.slice(at, at += Math.floor((capacity + n) / count)));
  return [...columns(blocks), ...columns(blocks.map((block) => checksOf(block, checks)))];
}

/** The first of each row, then the second of each; the last row is the longest. */
function columns(rows) {
  return rows.at(-1).flatMap((_, at) => rows.filter((row) => at < row.length).map((row) => row[at]));
}

/** The remainder by the generator polynomial, in the field of 256 (section 7.5). */
function checksOf(block, count) {
  let generator = [1];
  for (let n = 0, root = 1; n < count; n += 1, root = times(root, 2)) {
    generator = [...generator, 0].map((term, at) => term ^ times(generator[at - 1], root));
  }
  return block.reduce(([head, ...rest], byte) => {
    return [...rest, 0].map((check, at) => check ^ times(generator[at + 1], head ^ byte));
  }, new Array(count).fill(0));
}

function times(a, b) {
  let product = 0;
  for (let bit = 128; bit > 0; bit >>= 1) product = (product << 1) ^ (product & 128 && 0x11d) ^ (b & bit && a);
  return product;
}

/** A symbol, as rows of 0 and 1. */
function draw(version, codewords, mask) {
  const rows = patternsOf(version);
  const size = rows.length;
  // Level M is 0.
  const format = withChecks(mask, 10, 0x537) ^ 0x5412;
  for (let n = 0; n < 15; n += 1) {
    const bit = (format >> n) & 1;
    // Each stands twice; the timing patterns are left out.
    if (n < 8) rows[n < 6 ? n : n + 1][8] = rows[8][size - 1 - n] = bit;
    else rows[8][n < 9 ? 7 : 14 - n] = rows[size - 15 + n][8] = bit;
  }
  rows[size - 8][8] = 1;
  for (let n = 0; version > 6 && n < 18; n += 1) {
    const [along, across] = [Math.floor(n / 3), size - 11 + (n % 3)];
    rows[along][across] = rows[across][along] = (withChecks(version, 12, 0x1f25) >> n) & 1;
  }
  drawData(rows, codewords, MASKS[mask]);
  return rows;
}

/** The patterns by which a scanner finds its way, and nothing where it is free (section 6.3). */
function patternsOf(version) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => new Array(size));
  const square = (x, y, radius) => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        if (rows[y + dy] && rows[x + dx]) rows[y + dy][x + dx] = Number(ring !== 4 && ring !== radius / 2);
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4);
  const places = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7];
  for (const y of places) {
    for (const x of places) if (rows[y][x] === undefined) square(x, y, 2);
  }
  for (let at = 8; at < size - 8; at += 1) rows[6][at] = rows[at][6] = 1 - (at % 2);
  return rows;
}

/** Fills what is free: two columns at a time from the right, up and down (section 7.7.3). */
function drawData(rows, codewords, mask) {
  const size = rows.length;
  let at = 0;
  let up = true;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (let n = 0; n < 2 * size; n += 1) {
      const [x, y] = [right - (n % 2), up ? size - 1 - (n >> 1) : n >> 1];
      if (rows[y][x] !== undefined) continue;
      rows[y][x] = ((codewords[at >> 3] >> (7 - (at & 7))) & 1) ^ (mask(x, y) === 0);
      at += 1;
    }
    up = !up;
  }
}

/** `value`, and behind it the bits that make it a multiple of the generator (annexes C and D). */
function withChecks(value, length, generator) {
  let rest = value << length;
  for (let n = 5; n >= 0; n -= 1) if ((rest >> (n + length)) & 1) rest ^= generator << n;
  return (value << length) | rest;
}

/** How much in it could mislead a scanner (section 7.8.3). */
function penaltyOf(rows) {
  const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))].map((line) => line.join(''));
  let penalty = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    // What looks like a finder pattern.
    penalty += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;
  }
  let darks = 0;
  rows.forEach((row, y) => row.forEach((bit, x) => {
    darks += bit;
    if (y > 0 && [row[x - 1], rows[y - 1][x], rows[y - 1][x - 1]].every((other) => other === bit)) penalty += 3;
  }));
  return penalty + 10 * Math.floor(20 * Math.abs(darks / rows.length ** 2 - 0.5));
}
