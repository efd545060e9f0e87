//! Opening without a network.

/** Whether the browser knows that there is none. */
export function isOffline() {
  return !navigator.onLine;
}

/** Keeps the page for when there is none. Where a browser can't (without HTTPS, in a private window), nothing is missing but that. */
export async function keepForOffline() {
  if (!('serviceWorker' in navigator)) return;
  // The one script that is named at run time: whatever is asked for, it is this one.
  const policy = window.trustedTypes?.createPolicy('worker', { createScriptURL: () => 'sw.js' });
  await navigator.serviceWorker.register(policy?.createScriptURL('') ?? 'sw.js').catch(() => {});
}
