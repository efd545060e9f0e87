//! nginx and Caddy in front of a server, each as its file in `deploy/` says, on ports of this machine.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** What takes longer waits for something that never comes. */
const PATIENCE_MS = 30_000;

/** Runs a program to its end, which is near. */
const run = (binary, words, options = {}) => promisify(execFile)(binary, words, { timeout: PATIENCE_MS, ...options });

/** How often another port is tried where somebody was faster. */
const TRIES = 5;

const deployed = (name) => readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');

/** A program that the test run has found. NGINX itself is a variable of nginx's own, which keeps it in the foreground. */
function program(name, path) {
  return process.env[name] ?? path;
}

/** Replaces what must be there, so that a file that has changed is no test of nothing. */
function replaced(text, changes) {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the file in deploy/ has no ${from} any more`);
    return changed.replaceAll(from, to);
  }, text);
}

/** Ports that nobody has. */
async function ports(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  })));
  const numbers = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return numbers;
}

/** A folder with a certificate for localhost. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'chat-front-'));
  const [cert, key] = [join(path, 'cert.pem'), join(path, 'key.pem')];
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
    '-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', key, '-out', cert,
  ]);
  return { path, cert, key };
}

/** A proxy that runs, with the chat below `url`. */
class Front {
  constructor(port, place, stop) {
    this.url = `https://localhost:${port}/chat`;
    this.origin = `https://localhost:${port}`;
    this.cert = place.cert;
    this.close = async () => {
      await stop();
      await rm(place.path, { recursive: true });
    };
  }
}

async function nginx(server, place) {
  const binary = program('NGINX_BIN', '/usr/sbin/nginx');
  const [https, http] = await ports(2);
  const site = replaced(await deployed('nginx.conf'), [
    ['listen 80;', `listen 127.0.0.1:${http};`],
    ['listen [::]:80;', ''],
    ['listen 443 ssl;', `listen 127.0.0.1:${https} ssl;`],
    ['listen [::]:443 ssl;', ''],
    ['chat.example.org', 'localhost'],
    ['/etc/ssl/chat/fullchain.pem', place.cert],
    ['/etc/ssl/chat/key.pem', place.key],
    ['127.0.0.1:8080', server],
  ]);
  const file = join(place.path, 'nginx.conf');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await writeFile(file, `
    ${process.getuid() === 0 ? 'user root;' : ''}
    pid ${place.path}/nginx.pid;
    worker_processes 1;
    events {}
    http {
      access_log off;
      ${temp.map((name) => `${name}_temp_path ${place.path}/${name};`).join('\n')}
      ${site}
    }`);
  const words = ['-e', join(place.path, 'error.log'), '-c', file];
  await run(binary, [...words, '-t']);
  // It listens once this has ended, and goes on behind.
  await run(binary, words);
  return new Front(https, place, () => run(binary, [...words, '-s', 'stop']));
}

async function caddy(server, place) {
  const binary = program('CADDY_BIN', '/usr/bin/caddy');
  const [https] = await ports(1);
  const site = replaced(await deployed('Caddyfile'), [
    ['chat.example.org {', `https://localhost:${https} {\n\tbind 127.0.0.1\n\ttls ${place.cert} ${place.key}`],
    ['127.0.0.1:8080', server],
  ]);
  const file = join(place.path, 'Caddyfile');
  await writeFile(file, `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${site}`);
  const words = ['--config', file, '--adapter', 'caddyfile'];
  const env = { ...process.env, HOME: place.path, XDG_DATA_HOME: place.path, XDG_CONFIG_HOME: place.path };
  await run(binary, ['validate', ...words], { env });
  const child = spawn(binary, ['run', ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const lines = [];
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.includes('serving initial configuration')) resolve();
    });
    gone.then(() => reject(new Error(lines.join('\n'))));
  });
  return new Front(https, place, () => {
    child.kill();
    return gone;
  });
}

/** Starts one in front of the server at this address and port. */
export async function front(name, server) {
  for (let tries = 1; ; tries += 1) {
    const place = await folder();
    try {
      return await { nginx, caddy }[name](server, place);
    } catch (error) {
      await rm(place.path, { recursive: true });
      const taken = /address already in use/i.test(`${error.message}${error.stderr ?? ''}`);
      if (!taken || tries === TRIES) throw error;
    }
  }
}
