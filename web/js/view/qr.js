//! A QR code, for the camera of another device.

import { encodeQr } from '../core/qr.js';
import { say } from '../text/say.js';

const SVG = 'http://www.w3.org/2000/svg';

/** The light margin that scanners need, in modules (ISO/IEC 18004, section 6.3.8). */
const QUIET = 4;

/**
 * The QR code of an invite link: dark on light in either theme, since many scanners read no other. Its size is the style's.
 * @param {string} url
 * @returns {SVGSVGElement | null} `null` where the link is too long for one
 */
export function qrElement(url) {
  const rows = encodeQr(url);
  if (rows === null) return null;
  const size = rows.length + 2 * QUIET;
  const runs = rows.flatMap((row, y) => Array.from(row.map(Number).join('').matchAll(/1+/g),
    ({ 0: { length }, index }) => `M${index + QUIET} ${y + QUIET}h${length}v1h-${length}z`));
  return svg('svg', {
    class: 'qr', role: 'img', 'aria-label': say('share.qr'), viewBox: `0 0 ${size} ${size}`, 'shape-rendering': 'crispEdges',
  }, svg('path', { fill: '#fff', d: `M0 0h${size}v${size}h-${size}z` }), svg('path', { fill: '#000', d: runs.join('') }));
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
