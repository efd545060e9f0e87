//! What doesn't fit on the screen.

/** The least size of what is pressed, in CSS pixels (WCAG 2.2, 2.5.8). */
const TARGET_MIN = 24;

/**
 * Looks for what sticks out to the side, for what is wrong and said out of sight, and for controls that are cut off or too small.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} what is wrong, in words
 */
export function misfits(page) {
  return page.evaluate(findMisfits, TARGET_MIN);
}

/** In the page, so that it can use nothing from here. */
function findMisfits(least) {
  const found = [];
  const ground = document.scrollingElement;
  if (ground.scrollWidth > innerWidth) found.push(`the page is ${ground.scrollWidth} px wide`);

  for (const alert of document.querySelectorAll('[role="alert"]')) {
    const { top, bottom } = alert.getBoundingClientRect();
    if (bottom > top && (top < -1 || bottom > innerHeight + 1)) found.push(`“${alert.innerText}” is said out of sight`);
  }

  const open = document.querySelector(':modal') ?? document;
  const controls = Array.from(open.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex="0"]'))
    .filter((control) => control.checkVisibility({ visibilityProperty: true }));
  const nameOf = (control) => `${control.localName} “${(control.ariaLabel ?? (control.innerText || control.id)).slice(0, 40)}”`;

  /** Whether something hides a part of it that no scrolling brings back. */
  function isCutOff(control) {
    const { left, top, right, bottom } = control.getBoundingClientRect();
    const hides = (overflow) => overflow === 'hidden' || overflow === 'clip';
    const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll';
    let [isFixedX, isFixedY] = [true, ground.scrollHeight <= innerHeight];
    for (let box = control.parentElement; box !== ground; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (isFixedX && hides(overflowX) && (left < edge.left - 1 || right > edge.right + 1)) return true;
      if (isFixedY && hides(overflowY) && (top < edge.top - 1 || bottom > edge.bottom + 1)) return true;
      if (scrolls(overflowX)) isFixedX = false;
      if (scrolls(overflowY)) isFixedY = false;
      if (box === open) break;
    }
    return (isFixedX && (left < -1 || right > innerWidth + 1)) || (isFixedY && (top < -1 || bottom > innerHeight + 1));
  }

  /** The area that can be pressed: a label presses its control. */
  function targetOf(control) {
    const rects = [control, ...(control.labels ?? [])].map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 1);
    const [left, top] = ['left', 'top'].map((side) => Math.min(...rects.map((rect) => rect[side])));
    const [right, bottom] = ['right', 'bottom'].map((side) => Math.max(...rects.map((rect) => rect[side])));
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  /** Whether a circle of the least size around the middle of `small` reaches into `other`. */
  function isNear(small, other) {
    const x = (small.left + small.right) / 2;
    const y = (small.top + small.bottom) / 2;
    const distance = Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom));
    return distance < least / 2;
  }

  const targets = controls.map(targetOf);
  for (const [number, control] of controls.entries()) {
    const target = targets[number];
    if (isCutOff(control)) found.push(`${nameOf(control)} is cut off`);
    if (control.localName === 'button' && control.scrollWidth > control.clientWidth) found.push(`${nameOf(control)} is wider than its frame`);
    // A link in a sentence is as high as its line.
    const isFree = control.localName === 'a' && control.closest('.message-text') !== null;
    const isSmall = Math.min(target.width, target.height) < least - 0.5;
    // What only scrolls by keys isn't pressed.
    const isAmong = targets.some((other, place) => place !== number && !controls[place].matches('[tabindex]') && isNear(target, other));
    if (isSmall && !isFree && isAmong) {
      found.push(`${nameOf(control)} has ${Math.round(target.width)} x ${Math.round(target.height)} px, and others are near`);
    }
  }
  return found;
}
