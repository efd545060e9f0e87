//! What of a browser a connection needs, with sockets and a clock that a test moves.

import { mock } from 'node:test';

/** A socket that does what the test says. */
export class FakeSocket extends EventTarget {
  static OPEN = 1;
  /** All that were made, in their order. */
  static made = [];
  readyState = 0;
  sent = [];
  closedWith = [];

  constructor() {
    super();
    FakeSocket.made.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.readyState = 2;
    this.closedWith.push(code);
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  say(frame) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }));
  }

  end(code) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

/** A browser's globals. */
export class Browser {
  elapsed = 0;
  reported = [];

  constructor() {
    FakeSocket.made = [];
    globalThis.WebSocket = FakeSocket;
    globalThis.window = new EventTarget();
    globalThis.document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    globalThis.reportError = (error) => this.reported.push(error.message);
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => this.elapsed);
    mock.method(Date, 'now', () => performance.timeOrigin + this.elapsed);
  }

  /** Time passes, and timers are heard in time. */
  pass(ms) {
    this.elapsed += ms;
    mock.timers.tick(ms);
  }

  /** Time passes while the machine sleeps: timers are heard afterwards. */
  sleep(ms) {
    this.elapsed += ms;
  }

  /** Lets everything happen that waits for nothing but its turn. */
  settle() {
    return new Promise((resolve) => setImmediate(resolve));
  }

  close() {
    mock.timers.reset();
    mock.restoreAll();
  }
}
