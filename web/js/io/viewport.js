//! The height that is left above an on-screen keyboard.

/** Where the browser doesn't make the page smaller for its keyboard, `--height` says how high it is. */
export function followKeyboard() {
  const { visualViewport: seen, document: { documentElement: root } } = window;
  seen?.addEventListener('resize', () => {
    // Who has zoomed in wants to see a part of it.
    const isCovered = seen.scale === 1 && window.innerHeight - seen.height > 1;
    if (!isCovered) {
      root.style.removeProperty('--height');
      return;
    }
    root.style.setProperty('--height', `${seen.height}px`);
    // The browser has moved the page to show the field, which now is above the keyboard anyway.
    window.scrollTo(0, 0);
  });
}
