//! Random lives that the client library's machine went through, told by its model: the page's does the same in each.

import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { Replay } from './replay.js';

const LIVES_MIN = 5000;

const file = process.env.CHAT_SCHEDULES;

const skip = file === undefined && 'CHAT_SCHEDULES names no file of lives: the client library\'s model exports one';

test('the page does in every schedule what the library does', { skip }, async () => {
  let lives = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { fractions, ...life } = JSON.parse(line);
    const replay = new Replay(life, { random: fractions });
    for (const [number, step] of life.steps.entries()) {
      try {
        replay.step(step);
      } catch (error) {
        error.message = `seed ${life.seed}, step ${number}, ${JSON.stringify(step.in)}: ${error.message}`;
        throw error;
      }
    }
    lives += 1;
  }
  assert.ok(lives >= LIVES_MIN, `${lives} lives are fewer than ${LIVES_MIN}`);
});
