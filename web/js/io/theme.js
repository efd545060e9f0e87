//! Light or dark.

/**
 * Shows the page in a theme.
 * @param {'system' | 'light' | 'dark'} theme
 */
export function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  for (const scheme of ['light', 'dark']) {
    // The browser's own frame takes the first colour that fits.
    const colour = document.querySelector(`meta[data-scheme="${scheme}"]`);
    colour.media = { system: `(prefers-color-scheme: ${scheme})`, [scheme]: 'all' }[theme] ?? 'not all';
  }
}
