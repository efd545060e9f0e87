//! Numbers, and the words that go with them.

/**
 * How a language counts.
 * @param {string} language as in the `lang` of HTML
 * @param {...string} categories those of `Intl.PluralRules` that whole numbers fall into
 * @returns {(count: number, ...forms: string[]) => string} writes a whole number and, of the forms of a word, the one that
 * goes with it; there is one for each category, in that order
 */
export function plural(language, ...categories) {
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (count, ...forms) => `${number.format(count)} ${forms[categories.indexOf(rules.select(count))]}`;
}
