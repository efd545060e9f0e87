//! The sentences: the same ones in each language, and none anywhere else.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';

import { COMMANDS } from '../../js/core/commands.js';
import { rememberedLanguage, rememberLanguage } from '../../js/io/preferences.js';
import en from '../../js/text/en.js';
import { dayInWords, weekdayAndTime } from '../../js/text/moment.js';
import { plural } from '../../js/text/plural.js';
import ru from '../../js/text/ru.js';
import { chooseLanguage, language, languages, say, sayError, setLanguage } from '../../js/text/say.js';
import { literalTexts } from './literals.js';

const LANGUAGES = { en, ru };

/** Sentences whose codes are others' words: of the server, of the session. */
const NAMED_BY_OTHERS = ['key', 'end', 'error', 'nick', 'send', 'state', 'token', 'unsure'];

/** What sentences speak of; elements are given where the page gives elements. */
const VALUES = {
  nick: { element: 'nick' }, before: { element: 'before' }, a: { element: 'a' }, b: { element: 'b' },
  character: 'ü', code: 'code_of_tomorrow', host: 'chat.example', moment: 'Monday 12:00', chars: 33, count: 5, found: 17, hours: 2,
  joined: 5, left: 3, max: 16_384, mentions: 1, minutes: 5, name: 'nick', number: 2, usage: '/nick NAME', word: 'anna', position: 3,
  renamed: 1, retryS: 20, seconds: 5, size: 17_000, title: 'Room · Chat',
};

/** Values that sentences choose their words by. */
const OTHERS = [
  { count: 1, chars: 10, hours: 0, mentions: 0, minutes: 0, max: 1, size: 2, retryS: undefined, seconds: 1 },
  { count: 0, chars: 32, hours: 0, minutes: 1, retryS: 0.2 },
  { count: 1_000_000, chars: 1_000_000, hours: 24, minutes: 0, max: 2047, size: 2048, retryS: 90 },
  { count: 21, retryS: 91, joined: 0, renamed: 0 },
];

/** The parts of a sentence, and which values it asked for. */
function speak(sentence, values) {
  const asked = new Set();
  const watched = new Proxy(values, {
    get(target, name) {
      assert.ok(name in target, `no sentence is given “${String(name)}”`);
      asked.add(name);
      return target[name];
    },
  });
  const said = typeof sentence === 'function' ? sentence(watched) : sentence;
  return { parts: [said].flat(), isList: Array.isArray(said), asked: [...asked].sort() };
}

/** All sentences of all languages with one set of values. */
function* spoken(values) {
  for (const [code, sentences] of Object.entries(LANGUAGES)) {
    for (const [key, sentence] of Object.entries(sentences)) yield { where: `${code} ${key}`, ...speak(sentence, values) };
  }
}

/** The modules that show something. */
function modules() {
  const found = ['../../js/', '../../js/view/'].flatMap((folder) => readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ path: folder + name, source: readFileSync(new URL(folder + name, import.meta.url), 'utf8') })));
  assert.ok(found.some(({ path }) => path.endsWith('main.js')) && found.some(({ path }) => path.includes('view/')));
  return found;
}

afterEach(() => setLanguage('en'));

test('each language has all sentences, in the same order', () => {
  assert.ok(Object.keys(en).length > 100);
  for (const sentences of Object.values(LANGUAGES)) assert.deepEqual(Object.keys(sentences), Object.keys(en));
});

test('each sentence that the page says is there, and the page says each', () => {
  const families = new Set(Object.keys(en).map((key) => key.split('.')[0]));
  const said = new Set(COMMANDS.flatMap(({ help, argument }) => [help, argument ?? help]));
  for (const { source } of modules()) {
    for (const [, key, family] of source.matchAll(/'((\w+)\.\w+)'/g)) if (families.has(family)) said.add(key);
  }
  const silent = Object.keys(en).filter((key) => !said.has(key) && !NAMED_BY_OTHERS.includes(key.split('.')[0]));
  assert.deepEqual([[...said].filter((key) => !Object.hasOwn(en, key)), silent], [[], []]);
});

test('a sentence says the same in each language: it has the same values, and parts where the other has them', () => {
  for (const sentences of Object.values(LANGUAGES)) {
    for (const [key, sentence] of Object.entries(sentences)) {
      const [own, english] = [speak(sentence, VALUES), speak(en[key], VALUES)];
      assert.equal(typeof sentence, typeof en[key], key);
      assert.deepEqual([own.asked, own.isList], [english.asked, english.isList], key);
    }
  }
});

test('each sentence says something, whatever it speaks of', () => {
  for (const values of [VALUES, ...OTHERS.map((other) => ({ ...VALUES, ...other }))]) {
    for (const { where, parts } of spoken(values)) {
      const text = parts.map((part) => part.element ?? part).join('');
      assert.match(text, /\S/, where);
      assert.equal(text, text.trim(), where);
      assert.doesNotMatch(text, /undefined|null|NaN|\[object|Infinity| {2}/, where);
      // Letters that only look right are read out wrong.
      assert.doesNotMatch(text, /\p{sc=Latin}\p{sc=Cyrillic}|\p{sc=Cyrillic}\p{sc=Latin}/u, where);
    }
  }
});

test('an element stands in a sentence once, and nothing but words and elements does', () => {
  for (const { where, parts, asked } of spoken(VALUES)) {
    const elements = parts.filter((part) => typeof part !== 'string');
    const given = asked.map((name) => VALUES[name]).filter((value) => value.element);
    assert.deepEqual(elements.map(({ element }) => element).sort(), given.map(({ element }) => element).sort(), where);
  }
});

test('each family of errors has a sentence for what it does not know', () => {
  for (const family of ['error', 'token', 'nick', 'send', 'end', 'unsure']) {
    assert.equal(sayError(family, 'code_of_tomorrow'), say(`${family}.unknown`, { code: 'code_of_tomorrow' }));
  }
  assert.equal(sayError('error', 'no_room'), en['error.no_room']);
  assert.equal(sayError('error', 'toString'), say('error.unknown', { code: 'toString' }));
  assert.throws(() => say('no.such_sentence'), RangeError);
});

test('the number decides the word', () => {
  const many = plural('ru', 'one', 'few', 'many');
  const said = [0, 1, 2, 5, 11, 12, 21, 22, 101, 111].map((count) => many(count, 'гость', 'гостя', 'гостей'));
  assert.deepEqual(said, [
    '0 гостей', '1 гость', '2 гостя', '5 гостей', '11 гостей', '12 гостей', '21 гость', '22 гостя', '101 гость', '111 гостей',
  ]);
  const english = plural('en', 'one', 'other');
  assert.deepEqual([0, 1, 2, 21, 1500].map((count) => english(count, 'guest', 'guests')),
    ['0 guests', '1 guest', '2 guests', '21 guests', '1,500 guests']);
});

test('Russian sentences count as Russians do', () => {
  const said = (key, name) => [1, 2, 5, 11, 21, 101].map((count) => speak(ru[key], { ...VALUES, [name]: count }).parts.join(''));
  const ends = (key, name, words) => said(key, name).forEach((text, n) => assert.ok(text.includes(words[n]), text));
  ends('room.panel', 'count', ['1 человек', '2 человека', '5 человек', '11 человек', '21 человек', '101 человек']);
  ends('options.history_value', 'count', ['1 сообщения', '2 сообщений', '5 сообщений', '11 сообщений', '21 сообщения', '101 сообщения']);
  ends('life.soon', 'minutes', ['через 1 минуту', '2 минуты', '5 минут.', '11 минут.', '21 минуту', '101 минуту']);
  ends('log.gap_slow', 'count', ['1 события', '2 событий', '5 событий', '11 событий', '21 события', '101 события']);
  ends('log.missing', 'count', ['1 сообщение ', '2 сообщения', '5 сообщений', '11 сообщений', '21 сообщение ', '101 сообщение ']);
  ends('error.rate', 'retryS', ['1 секунду', '2 секунды', '5 секунд', '11 секунд', '21 секунду', '2 минуты']);
  assert.match(ru['error.rate']({ retryS: 1260 }), /через 21 минуту\./);
  ends('send.too_big', 'max', ['1 байт.', '2 байта.', '5 байт.', '11 байт.', '21 байт.', '101 байт.']);
});

test('a span of time is said in the largest unit that fits', () => {
  const spans = [45, 600, 3600, 5400, 28_800, 86_400, 129_600, 604_800];
  assert.deepEqual(spans.map((seconds) => en['options.ttl_value']({ seconds })),
    ['45 seconds', '10 minutes', '1 hour', '90 minutes', '8 hours', '1 day', '36 hours', '7 days']);
  assert.deepEqual(spans.map((seconds) => ru['options.ttl_value']({ seconds })),
    ['45 секунд', '10 минут', '1 час', '90 минут', '8 часов', '1 день', '36 часов', '7 дней']);
});

test('English sentences count as the English do', () => {
  assert.equal(en['log.gap_unknown']({ count: 1 }), '1 event is missing here.');
  assert.equal(en['log.gap_unknown']({ count: 1500 }), '1,500 events are missing here.');
  assert.equal(en['error.rate']({ retryS: 91 }), 'That was too often in a short time. Try again in 2 minutes.');
});

test('the language is the chosen one, else the first of the browser\'s that is there, else English', () => {
  assert.equal(chooseLanguage('ru', ['en']), 'ru');
  assert.equal(chooseLanguage('', ['uk-UA', 'RU-ru', 'en']), 'ru');
  assert.equal(chooseLanguage('xx', ['en-GB', 'ru']), 'en');
  assert.equal(chooseLanguage('', ['constructor', 'rue']), 'en');
  assert.equal(chooseLanguage('', []), 'en');
});

test('what was chosen is remembered', (context) => {
  context.after(() => delete globalThis.window);
  const stored = new Map();
  globalThis.window = {
    localStorage: { getItem: (name) => stored.get(name) ?? null, setItem: (name, text) => stored.set(name, text) },
  };
  assert.equal(rememberedLanguage(), '');
  rememberLanguage('ru');
  assert.equal(rememberedLanguage(), 'ru');
});

test('the language changes at run time, with its dates', async () => {
  assert.deepEqual(languages().map(({ code }) => code), Object.keys(LANGUAGES));
  assert.equal(language(), 'en');
  const monday = Date.UTC(2024, 0, 1, 12);
  assert.match(weekdayAndTime(monday), /Monday/);
  assert.equal(await setLanguage('ru'), true);
  assert.deepEqual([language(), say('landing.create')], ['ru', 'Новая комната']);
  assert.match(weekdayAndTime(monday), /понедельник/);
  assert.equal(sayError('end', 'code_of_tomorrow'), 'Эта комната скоро закроется (code_of_tomorrow).');
  assert.equal(await setLanguage('en'), true);
  assert.deepEqual([language(), say('landing.create')], ['en', 'New room']);
  assert.match(weekdayAndTime(monday), /Monday/);
});

test('a day is called today or yesterday as long as it is, and then by its date', async () => {
  const noon = new Date(2026, 10, 24, 12).getTime();
  const at = (day, hour = 0) => new Date(2026, 10, day, hour).getTime();
  const said = () => [at(24, 23), at(25), at(25, 23), at(26)].map((now) => dayInWords(noon, now));
  const date = 'Tuesday, November 24, 2026';
  assert.deepEqual(said(), ['Today', 'Yesterday', 'Yesterday', date]);
  assert.equal(dayInWords(noon, at(23)), date, 'by a clock that is slow');
  assert.equal(dayInWords(1e300, noon), '');
  await setLanguage('ru');
  assert.deepEqual(said(), ['Сегодня', 'Вчера', 'Вчера', 'Вторник, 24 ноября 2026 г.']);
});

test('the language that was asked for last is spoken', async () => {
  assert.deepEqual(await Promise.all([setLanguage('ru'), setLanguage('en')]), [false, true]);
  assert.equal(language(), 'en');
  await Promise.all([setLanguage('en'), setLanguage('ru')]);
  assert.equal(language(), 'ru');
});

test('a language that is not there changes nothing', async () => {
  assert.equal(await setLanguage('xx'), false);
  assert.deepEqual([language(), say('landing.create')], ['en', 'New room']);
});

test('a sentence in the code is found', () => {
  for (const source of [
    "element('p', { class: 'a b' }, 'online');",
    "element('p', {}, isThere ? 'here' : say('a.b'));",
    "element('input', { 'aria-label': 'name' });",
    "this.place.append(' ', ...(late ? ['late'] : []));",
    'this.title.textContent = `${count} people`;',
    "this.input.setAttribute('title', 'x');",
    "document.title = name + ' room';",
    "new Field('nick', { label: 'nick' });",
    "button('small', 'ok', press);",
    "const word = 'Cancel';",
    "const words = ['take care'];",
    "const word = 'да';",
    'const words = `${count} people`;',
  ]) {
    assert.equal(literalTexts(source).length, 1, source);
  }
});

test('what people do not see is no sentence', () => {
  const source = `
    import { say } from './say.js';
    // A comment, 'with a sentence'.
    element('div', { class: own ? 'message own' : 'message', 'aria-describedby': 'a b' }, say('a.b'), ' · ');
    button('small with-icon', say(event.key === 'Enter' ? 'a.b' : 'a.c'), press);
    const described = \`\${id}-hint \${id}-error\`;
    const path = \`M\${x} \${y}h\${length}v1z\`;
    const keys = new Set(['Escape', 'ArrowUp']);
    document.querySelector('.log .line');
    this.input.setAttribute('aria-describedby', 'one two');
    this.root.append(say({ live: 'message.sending' }[state] ?? 'message.waiting'));
    throw new RangeError('No such thing');
  `;
  assert.deepEqual(literalTexts(source), []);
});

test('no sentence stands in the views', () => {
  for (const { path, source } of modules()) {
    assert.deepEqual(literalTexts(source), [], `${path}: say it by a code of js/text/en.js`);
  }
});
