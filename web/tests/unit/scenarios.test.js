//! Coming in, losing the connection, and coming back: the table that the client library's machine is held to as well.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Replay } from './replay.js';

const { frames, scenarios } = JSON.parse(
  readFileSync(new URL('../../../crates/chat-client/tests/vectors/scenarios.json', import.meta.url), 'utf8'),
);

for (const scenario of scenarios) {
  test(scenario.name, () => {
    const replay = new Replay(scenario, { random: scenario.random, frames });
    for (const [number, step] of scenario.steps.entries()) {
      try {
        replay.step(step);
      } catch (error) {
        error.message = `step ${number}, ${JSON.stringify(step.in)}: ${error.message}`;
        throw error;
      }
    }
  });
}

test('no two scenarios have one name', () => {
  const names = scenarios.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
