import { isIPv6 } from 'node:net';

const ESCAPE = /%(?![0-9a-fA-F]{2})/;
/** The characters of ASCII that Go takes in a host. */
const HOST = /^[-a-zA-Z0-9._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u;
const USER = /^[-a-zA-Z0-9._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::\d*)?$/;

/** A URL as Go's `net/url` reads it, as far as istiod asks: the scheme in lower case, and the port as written. */
export interface GoUrl {
  readonly scheme: string;
  readonly port: string;
}

function hostPort(scheme: string, host: string): string | undefined {
  if (host.includes('[')) {
    const end = host.lastIndexOf(']');
    const [address, zone] = host.slice(1, end).split('%25');
    const port = host.slice(end + 1);
    return host.lastIndexOf('[') === 0 && end > 0 && PORT.test(port) && isIPv6(address) && zone !== '' ? port.slice(1) : undefined;
  }
  // A second colon is accepted except in URLs of HTTP, where it is not part of a host.
  const colon = /^https?$/.test(scheme) ? host.indexOf(':') : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  // Of the escapes in a host, only those of bytes beyond ASCII and of '%' itself are taken.
  return PORT.test(port) && HOST.test(host) && !ESCAPE.test(host) && !/%(?!25)[0-7]/.test(host) ? port.slice(1) : undefined;
}

/**
 * Reads a URL as Go's `url.Parse` does, or as `url.ParseRequestURI` for one that must be absolute; undefined for what Go refuses.
 */
export function parseGoUrl(text: string, absolute = false): GoUrl | undefined {
  const [url, fragment = ''] = absolute ? [text] : splitOnce(text, '#');
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(url) || ESCAPE.test(fragment) || (absolute && url === '')) return undefined;
  if (url === '*') return { scheme: '', port: '' };
  if (url.startsWith(':')) return undefined;
  const [, written = ''] = /^([a-zA-Z][-a-zA-Z0-9+.]*):/.exec(url) ?? [];
  const scheme = written.toLowerCase();
  const [rest] = splitOnce(scheme === '' ? url : url.slice(written.length + 1), '?');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, port: '' };
    return absolute || rest.split('/')[0].includes(':') || ESCAPE.test(rest) ? undefined : { scheme, port: '' };
  }
  if (!rest.startsWith('//') || (scheme === '' && (absolute || rest.startsWith('///')))) {
    return ESCAPE.test(rest) ? undefined : { scheme, port: '' };
  }
  const [authority] = splitOnce(rest.slice(2), '/');
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const port = hostPort(scheme, authority.slice(at + 1));
  return port === undefined || !USER.test(user) || ESCAPE.test(rest) ? undefined : { scheme, port };
}

/** Reads a URL that both `url.ParseRequestURI` and `url.Parse` take; the second reads the fragment. */
export function parseStrictGoUrl(text: string): GoUrl | undefined {
  return parseGoUrl(text, true) && parseGoUrl(text);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
