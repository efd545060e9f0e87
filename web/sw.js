//! Keeps the page's own files, so that it opens where there is no network, and leads from a notification to the page. Nothing of a
//! room comes by here: messages go through a socket, and what follows the # of a link is no part of a request.

const STORE = 'page';

/** The page's URL, below whatever path it stands. */
const PAGE = new URL('./', self.location).href;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(fetch(PAGE).then(keep));
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { url, mode } = event.request;
  if (mode === 'navigate' && url.split('#', 1)[0] === PAGE) event.respondWith(page(event));
  else if (url.startsWith(`${PAGE}v/`)) event.respondWith(file(event));
});

// A notification leads to the window that it is of.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(([window]) => window?.focus()));
});

/** The page of today, or the last one where the server can't be reached. */
async function page(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(answer.clone()));
    return answer;
  } catch {
    return await caches.match(PAGE) ?? Response.error();
  }
}

/** A file's address has the hash of all of them in it: what is kept is right. */
async function file(event) {
  const kept = await caches.match(event.request);
  if (kept !== undefined) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) {
    const copy = answer.clone();
    event.waitUntil(caches.open(STORE).then((store) => store.put(event.request, copy)));
  }
  return answer;
}

/** Keeps this page with the files that it names, and no others. */
async function keep(answer) {
  const store = await caches.open(STORE);
  const text = await answer.clone().text();
  const named = Array.from(text.matchAll(/"(v\/[^"]+)"/g), ([, path]) => PAGE + path);
  const kept = new Set((await store.keys()).map(({ url }) => url));
  await store.addAll(named.filter((url) => !kept.has(url)));
  await store.put(PAGE, answer);
  // What is loaded on need isn't named, but has the same hash.
  const [version] = /v\/\w+\//.exec(text);
  const old = [...kept].filter((url) => url !== PAGE && !url.startsWith(PAGE + version));
  await Promise.all(old.map((url) => store.delete(url)));
}
