//! Where the server is: beside the page, whatever prefix and scheme it is served under.

/**
 * The address of the room creation.
 * @param {string} page the page's own URL
 * @returns {string}
 */
export function createAddress(page) {
  return new URL('create', page).href;
}

/**
 * The address of what the server allows.
 * @param {string} page the page's own URL
 * @returns {string}
 */
export function infoAddress(page) {
  return new URL('info', page).href;
}

/**
 * The address of the WebSocket: `wss:` exactly where the page came by `https:`.
 * @param {string} page the page's own URL
 * @returns {string}
 */
export function socketAddress(page) {
  const address = new URL('ws', page);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
