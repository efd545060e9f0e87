import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

import { parse } from 'acorn';

const WEB = new URL('../../', import.meta.url);
const index = readFileSync(new URL('index.html', WEB), 'utf8');

/** Loaded by a choice that is made before the first screen is drawn. */
const CHOSEN = ['js/text/ru.js'];

/** What the page starts. */
const SCRIPTS = named(/<script type="module" src="([^"]+)"/g);

function named(pattern) {
  return Array.from(index.matchAll(pattern), ([, path]) => path);
}

/** A module and all that it can't run without. */
function reach(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const { body } = parse(readFileSync(new URL(path, WEB), 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
  for (const { source } of body) {
    if (source) reach(posix.join(posix.dirname(path), source.value), found);
  }
  return found;
}

test('the first screen takes one round trip after the page: all of its modules are named in it, and no others', () => {
  const preloaded = named(/<link rel="modulepreload" href="([^"]+)">/g);
  assert.ok(SCRIPTS.includes('js/main.js'));
  const needed = [...SCRIPTS, ...CHOSEN].flatMap((path) => [...reach(path)]);
  const expected = [...new Set(needed)].filter((path) => !SCRIPTS.includes(path));
  assert.deepEqual([...preloaded].sort(), expected.sort());
});

test('all styles are named in the page', () => {
  const styles = readdirSync(new URL('css', WEB)).map((name) => `css/${name}`);
  assert.deepEqual(named(/<link rel="stylesheet" href="([^"]+)">/g).sort(), styles.sort());
});
