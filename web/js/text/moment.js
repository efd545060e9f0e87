//! Times of day and dates, in the person's own format.

import { dayOf } from '../core/day.js';
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
      date: new Intl.DateTimeFormat(of, { dateStyle: 'full' }),
      near: new Intl.RelativeTimeFormat(of, { numeric: 'auto' }),
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

/** The day of `ms` since 1970 as one calls it at `at`: today, yesterday, or by its date. */
export function dayInWords(ms, at) {
  if (!isDate(ms)) return '';
  const back = [0, 1].find((days) => dayOf(ms) === dayOf(at, days));
  const words = back === undefined ? format('date').format(ms) : format('near').format(-back, 'day');
  return words.charAt(0).toLocaleUpperCase(language()) + words.slice(1);
}

/** For the `datetime` of HTML. `ms` since 1970. */
export function machineTime(ms) {
  return isDate(ms) ? new Date(ms).toISOString() : '';
}

// A peer's number may be no date at all: JavaScript's end with the year 275760.
function isDate(ms) {
  return Math.abs(ms) <= 8.64e15;
}
