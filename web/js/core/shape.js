//! Checks of what JSON holds, put together like the frames they describe.

/** A value that is not what the protocol says. It repeats nothing of the value. */
export class CheckShapeError extends Error {
  /** @param {string} place the member that is wrong */
  constructor(place) {
    super(place);
    this.name = 'CheckShapeError';
  }
}

/** A check from a test: what the test holds for. */
export const such = (holds) => (value, place) => {
  if (!holds(value)) throw new CheckShapeError(place);
  return value;
};

/** A string. */
export const string = such((value) => typeof value === 'string');

/** `true` or `false`. */
export const boolean = such((value) => typeof value === 'boolean');

/** An integer from 0 to 2^53 - 1. */
export const integer = such((value) => Number.isSafeInteger(value) && value >= 0);

/** An array of what `item` describes. */
export const list = (item) => (value, place) => {
  if (!Array.isArray(value)) throw new CheckShapeError(place);
  return value.map((each) => item(each, place));
};

/**
 * An object with the members of `required`, perhaps those of `optional`, and others, which are left out of the result.
 */
export const object = (required, optional = {}) => (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CheckShapeError(place);
  const result = {};
  for (const [name, member] of Object.entries(required)) result[name] = member(value[name], name);
  for (const [name, member] of Object.entries(optional)) {
    if (Object.hasOwn(value, name)) result[name] = member(value[name], name);
  }
  return result;
};

/** An object that is `base` and exactly one of `forms`; a form's members are its alone. */
export const oneOf = (base, forms) => (value, place) => {
  const result = base(value, place);
  const there = forms.filter((form) => Object.keys(form).some((name) => Object.hasOwn(value, name)));
  if (there.length !== 1) throw new CheckShapeError(place);
  return Object.assign(result, object(there[0])(value, place));
};
