//! Notifications of the system.

/** All are of one kind: a new one takes the place of the one before. */
const TAG = 'chat';

/** What is shown of a text, in characters. */
const TEXT_MAX = 200;

let shown = null;

/** `granted`, `denied`, `default` where the person was not asked, or `unavailable` where there are none. */
export function permission() {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'unavailable';
}

/** Asks the person, where that was not done. Resolves to what `permission` is then. */
export async function askPermission() {
  if (permission() === 'default') await Notification.requestPermission();
  return permission();
}

/**
 * Shows a notification. It makes no sound of its own.
 * @param {string} title
 * @param {{text?: string, again?: boolean, icon: string}} options `again` draws attention although there is one already
 */
export async function notify(title, { text = '', again = false, icon }) {
  const options = { body: [...text.slice(0, 2 * TEXT_MAX)].slice(0, TEXT_MAX).join(''), tag: TAG, renotify: again, silent: true, icon };
  try {
    shown = new Notification(title, options);
    shown.addEventListener('click', () => window.focus());
  } catch {
    // Some browsers on phones show only those of a service worker.
    await (await worker())?.showNotification(title, options).catch(() => {});
  }
}

/** The page is seen: nothing is left to be said. */
export async function closeNotification() {
  shown?.close();
  shown = null;
  for (const left of await (await worker())?.getNotifications({ tag: TAG }) ?? []) left.close();
}

/** The service worker, if there is one: it may be forbidden. */
async function worker() {
  try {
    return await navigator.serviceWorker.getRegistration();
  } catch {
    return undefined;
  }
}
