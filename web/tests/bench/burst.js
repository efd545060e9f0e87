//! A burst into the page, in a sealed room: how long the page is busy at a stretch, what it misses, and what it takes in the end.
//! `cargo xtask bench` starts the server and reads the JSON that is written here; the load is `chat-cli`, a process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { BROWSER, SIZES, Window } from '../e2e/stage.js';

const MESSAGES = 10_000;
const PER_S = 500;

/** How often the sender looks how many messages are due, in milliseconds. */
const TICK_MS = 10;

/** Browsers tell of no task that is shorter than this, in milliseconds. */
const LONG_MS = 50;

/** What arrives later than this after the burst was due is missing, in milliseconds. */
const PATIENCE_MS = 60_000;

/** What is sent: a number, and words as people write them. */
const textOf = (n) => `burst ${n} and some **words** about \`code\`, a link https://example.org/${n} and so on`;

/**
 * In the page, before it is in a room: notes what its session tells of the burst, once and in order, and how smoothly it runs.
 * The session's own module is asked, since what is on the screen is bounded.
 */
async function watch({ messages, patience }) {
  const { name } = performance.getEntriesByType('resource').find((entry) => entry.name.includes('/core/story'));
  const { Story } = await import(name);
  const seen = new Set();
  const found = { last: -1, doubled: 0, out_of_order: 0, longest_task_ms: 0, longest_gap_ms: 0 };
  let begun = 0;
  let frame = 0;
  window.burst = new Promise((resolve) => {
    const end = () => {
      const seconds = (performance.now() - begun) / 1000;
      // As soon as all of it is drawn.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve({ ...found, received: seen.size, seconds })));
    };
    const { take } = Story.prototype;
    Story.prototype.take = function takeAndNote(told, ...rest) {
      const isNew = take.call(this, told, ...rest);
      const [, number] = /^burst (\d+)/.exec(told.text ?? '') ?? [];
      if (isNew && number !== undefined) note(Number(number));
      return isNew;
    };
    const note = (number) => {
      if (seen.size === 0) begin();
      if (seen.has(number)) found.doubled += 1;
      else if (number < found.last) found.out_of_order += 1;
      seen.add(number);
      found.last = number;
      if (seen.size === messages) end();
    };
    const begin = () => {
      begun = performance.now();
      frame = begun;
      requestAnimationFrame(tick);
      setTimeout(end, patience);
    };
  });
  const tick = (now) => {
    found.longest_gap_ms = Math.max(found.longest_gap_ms, now - frame);
    frame = now;
    requestAnimationFrame(tick);
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (begun > 0 && startTime + duration > begun) found.longest_task_ms = Math.max(found.longest_task_ms, duration);
    }
  }).observe({ type: 'longtask' });
}

/** Sends the burst by the terminal client. */
async function send(url, token) {
  const sender = spawn(process.env.CHAT_CLI_BIN, ['join', '--server', url, token, 'Sender', '--json'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const live = new Promise((resolve, reject) => {
    createInterface({ input: sender.stdout }).on('line', (line) => JSON.parse(line).type === 'live' && resolve());
    sender.once('error', reject);
    sender.once('exit', () => reject(new Error('the sender has ended')));
  });
  await live;
  const begun = performance.now();
  let sent = 0;
  for await (const _ of setInterval(TICK_MS)) {
    const due = Math.min(MESSAGES, Math.floor((performance.now() - begun) * PER_S / 1000));
    for (; sent < due; sent += 1) sender.stdin.write(`${textOf(sent)}\n`);
    if (sent === MESSAGES) break;
  }
  return sender;
}

/** What the page holds, after what nobody needs is gone. */
async function weigh(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return { nodes: metric('Nodes'), heap_bytes: metric('JSHeapUsedSize') };
}

const [url] = process.argv.slice(2);
const browser = await chromium.launch(BROWSER);
try {
  const page = await browser.newPage({ viewport: SIZES.desk });
  const window = new Window(page, url);
  await page.goto(url);
  await page.evaluate(watch, { messages: MESSAGES, patience: MESSAGES / PER_S * 1000 + PATIENCE_MS });
  await page.getByLabel('Your name in the room').fill('Reader');
  await page.getByRole('button', { name: 'New room' }).click();
  await window.live();
  const sender = await send(url, (await window.link()).split('#')[1]);
  const { received, seconds, last: _, ...found } = await page.evaluate(() => window.burst);
  if (received === MESSAGES) await window.hears(`burst ${MESSAGES - 1} `);
  console.log(JSON.stringify({
    ...found, longest_task_ms: Math.max(found.longest_task_ms, LONG_MS), ...await weigh(page),
    missing: MESSAGES - received, deliveries_per_s: received / seconds, rate: PER_S, rooms: 1, members: 1,
  }));
  sender.stdin.end();
  await once(sender, 'exit');
} finally {
  await browser.close();
}
