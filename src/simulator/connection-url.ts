import type { ConnectOptions } from './connect-options';
import { Refusal } from './refusal';
import { portStart } from './request';

/** Whether a URL is for a connection without HTTP. */
export function isConnectionUrl(url: string): boolean {
  return /^(?:tcp|tls):\/\//.test(url);
}

/** The connection of a URL: `tcp://HOST:PORT`, or `tls://SERVER_NAME:PORT` with a TLS handshake for the name. Throws for any other URL. */
export function connectionOf(url: string): ConnectOptions {
  const [, scheme, place] = /^(tcp|tls):\/\/([^/?#]*)\/?$/.exec(url) ?? [];
  if (scheme === undefined) throw new Refusal(`'${url}' is not a connection; write tcp://HOST:PORT or tls://SERVER_NAME:PORT`);
  const colon = portStart(place);
  const host = (colon < 0 ? place : place.slice(0, colon)).replace(/^\[(.*)\]$/, '$1');
  const port = Number(/^\d{1,5}$/.exec(colon < 0 ? '' : place.slice(colon + 1))?.[0] ?? 0);
  if (!/^[\w.:*-]+$/.test(host)) throw new Refusal(`'${url}' names no host; write ${scheme}://HOST:PORT`);
  if (port < 1 || port > 65535) throw new Refusal(`'${url}' must end with a port from 1 to 65535, such as ${scheme}://${host}:443`);
  return { host, port, ...(scheme === 'tls' ? { serverName: host } : {}) };
}
