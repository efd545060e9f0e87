//! Times of day and dates, in the person's own format.

import { language } from './say.js';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The formats that speak, of the language that is spoken: making one takes long. */
let formats = { of: '' };

function format(kind) {
  const of = language();
  if (formats.of !== of) {
    formats = {
      of,
      full: new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'medium' }),
      day: new Intl.DateTimeFormat(of, { weekday: 'long', hour: '2-digit', minute: '2-digit' }),
    };
  }
  return formats[kind];
}

/** The time of day. `ms` since 1970. */
export function timeOfDay(ms) {
  return isDate(ms) ? time.format(ms) : '';
}

/** Date and time. `ms` since 1970. */
export function dateAndTime(ms) {
  return isDate(ms) ? format('full').format(ms) : '';
}

/** Day of the week and time. `ms` since 1970. */
export function weekdayAndTime(ms) {
  return isDate(ms) ? format('day').format(ms) : '';
}

/** For the `datetime` of HTML. `ms` since 1970. */
export function machineTime(ms) {
  return isDate(ms) ? new Date(ms).toISOString() : '';
}

// A peer's number may be no date at all: JavaScript's end with the year 275760.
function isDate(ms) {
  return Math.abs(ms) <= 8.64e15;
}
