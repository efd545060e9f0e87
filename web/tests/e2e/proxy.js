//! A network between browser and server that breaks when a test says so.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Resets a connection. Where its end is on its way already the system refuses that, and the socket would stay open for ever. */
function reset(socket) {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

/** One connection through the proxy: two sockets, and how much may still pass in each direction. */
class Line {
  constructor(client, server) {
    this.client = client;
    this.server = server;
    /** Bytes that may still pass, by where they go. */
    this.left = { client: Infinity, server: Infinity };
    this.#pump(client, server, 'server');
    this.#pump(server, client, 'client');
    client.setNoDelay();
    server.setNoDelay();
  }

  cut(how) {
    for (const socket of [this.client, this.server]) {
      if (how === 'fin') socket.end();
      else reset(socket);
    }
  }

  set stalled(stalled) {
    for (const socket of [this.client, this.server]) {
      if (stalled) socket.pause();
      else socket.resume();
    }
  }

  #pump(from, to, where) {
    from.on('data', (bytes) => {
      if (bytes.length < this.left[where]) {
        this.left[where] -= bytes.length;
        to.write(bytes);
        return;
      }
      // The last bytes still arrive; after them nothing does.
      from.pause();
      to.end(bytes.subarray(0, this.left[where]), () => reset(from));
    });
    from.on('end', () => to.end());
    // A connection that breaks on one side breaks on the other.
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

/** Forwards TCP on a port of its own, and fails on demand. All that it does to lines it does at once. */
export class Proxy {
  /** The server's URL. It may change, for the connections that are made after that. */
  target;
  #server;
  #lines = new Set();
  #isStalled = false;
  #isRefusing = false;
  #left = { client: Infinity, server: Infinity };

  /** @param {string} target the server's URL, `http://127.0.0.1:…` */
  static async open(target) {
    const proxy = new Proxy();
    proxy.target = target;
    proxy.#server = createServer((client) => proxy.#accept(client));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    /** Where the server is to be found through this proxy. */
    proxy.url = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  /** How many connections there are. */
  get size() {
    return this.#lines.size;
  }

  /** Breaks every connection: `rst` without a word, `fin` as if both sides had ended. */
  cut(how = 'rst') {
    for (const line of this.#lines) line.cut(how);
  }

  /** Nothing passes any more, on old connections and on new ones, and nobody is told. What is sent waits for `heal`. */
  stall() {
    this.#isStalled = true;
    for (const line of this.#lines) line.stalled = true;
  }

  /** New connections are reset as soon as they are made. Old ones stay. */
  refuse() {
    this.#isRefusing = true;
  }

  /** Each connection, old or new, is cut after so many more bytes towards `client` or `server`, in the middle of a frame perhaps. */
  truncate(bytes, towards = 'client') {
    this.#left[towards] = bytes;
    for (const line of this.#lines) line.left[towards] = bytes;
  }

  /** Everything passes again. */
  heal() {
    this.#isStalled = false;
    this.#isRefusing = false;
    this.#left = { client: Infinity, server: Infinity };
    for (const line of this.#lines) {
      line.left = { ...this.#left };
      line.stalled = false;
    }
  }

  /** Ends, with all its connections. */
  async close() {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #accept(client) {
    client.on('error', () => client.destroy());
    if (this.#isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const { hostname, port } = new URL(this.target);
    const line = new Line(client, connect(Number(port), hostname));
    line.left = { ...this.#left };
    if (this.#isStalled) line.stalled = true;
    this.#lines.add(line);
    client.on('close', () => this.#lines.delete(line));
  }
}
