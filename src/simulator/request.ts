import { isIP } from 'node:net';
import type { GeneratedHeaders } from './generated-header';
import type { HeaderValues } from './header-values';
import { Refusal } from './refusal';
import type { Token } from './token';
import type { PseudoHeader } from '../envoy/routes/match-places';

/** The versions of HTTP that a caller can use. */
export type HttpVersion = 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2';

/** What a caller sends. */
export interface RequestOptions {
  /** Headers by name, which is case-insensitive. A list sends the header once per value. @default - none */
  readonly headers?: { readonly [name: string]: string | readonly string[] };
  /** The address to which the caller resolved the host. @default - the address of the service, if the manifests hold it */
  readonly address?: string;
  /** The address from which the caller connects to the proxy. @default unknown: what depends on it is not decided */
  readonly sourceAddress?: string;
  /** The HTTP version. @default - HTTP/2 if TLS negotiates it, else HTTP/1.1 */
  readonly version?: HttpVersion;
}

/** A request, as a caller sends it or as a proxy keeps it. */
export interface Request {
  /** The method, such as GET. */
  readonly method: string;
  /** The URL, as the caller wrote it. */
  readonly url: string;
  /** The scheme of the connection. */
  readonly scheme: 'http' | 'https';
  /** The HTTP version. Undefined if the connection decides. */
  readonly version?: HttpVersion;
  /** The scheme of the original caller, from x-forwarded-proto or from the connection. */
  readonly proto: string;
  /** The Host header. */
  readonly authority: string;
  /** The host of the URL, to which the caller connects. */
  readonly host: string;
  /** The port of the URL, else the default of its scheme. */
  readonly port: number;
  /** The address to which the caller resolved the host. */
  readonly address?: string;
  /** The address from which the caller connects; undefined if it is not known. */
  readonly sourceAddress?: string;
  /** The path with the query. A proxy keeps it normalized. */
  readonly path: string;
  /** The fragment of the URL, which callers do not send. */
  readonly fragment?: string;
  /** The values of each header, by lower-case name. */
  readonly headers: HeaderValues;
  /** The headers that Envoy writes with values that the request does not decide. @default none */
  readonly generated?: GeneratedHeaders;
  /** The token that the proxy verified, whose claims its routes see. Undefined if it verifies no tokens. */
  readonly verified?: Token;
}

const NO_HEADERS: HeaderValues = new Map();

/** Creates a request to a URL. Throws if HTTP cannot express it. */
export function requestOf(method: string, url: string, options: RequestOptions = {}): Request {
  const scheme = url.startsWith('http://')
    ? 'http'
    : url.startsWith('https://')
      ? 'https'
      : refuse(url, 'it must start with http:// or https://');
  const start = scheme.length + 3;
  let end = start;
  while (end < url.length && url[end] !== '/' && url[end] !== '?' && url[end] !== '#') end++;
  const place = url.slice(url.lastIndexOf('@', end - 1) >= start ? url.lastIndexOf('@', end - 1) + 1 : start, end);
  const { host, port } = placeOf(place, url, scheme === 'http' ? 80 : 443);
  if (/^$|[\s\0]/.test(method)) throw new Refusal(`'${method}' is not an HTTP method; use one such as GET`);
  const { address, version, sourceAddress } = options;
  if (sourceAddress !== undefined && isIP(sourceAddress) === 0) {
    throw new Refusal(`'${sourceAddress}' is not an IP address from which a caller connects`);
  }
  const headers = headersOf(options.headers);
  const authority = headers.get('host')?.join(',') ?? place;
  return { method, url, scheme, version, proto: scheme, authority, host, port, address, sourceAddress, ...pathOf(url, end), headers };
}

const HOST = /^[\w.~!$&'()*+,;=:%[\]@-]*$/;

function refuse(url: string, why: string): never {
  throw new Refusal(`'${url}' is not a valid URL: ${why}`);
}

function placeOf(place: string, url: string, usual: number): { readonly host: string; readonly port: number } {
  const colon = portStart(place);
  const host = colon < 0 ? place : place.slice(0, colon);
  if (host === '') refuse(url, 'it names no host');
  if (!HOST.test(host)) refuse(url, `its host '${host}' holds a character that no host has`);
  const digits = colon < 0 ? '' : place.slice(colon + 1);
  const port = digits === '' ? usual : /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535) refuse(url, `its port '${digits}' must be a number from 1 to 65535`);
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port };
}

/** The position of the colon before the port of an authority, or -1. */
export function portStart(authority: string): number {
  const colon = authority.lastIndexOf(':');
  return colon > authority.lastIndexOf(']') ? colon : -1;
}

function pathOf(url: string, start: number): Pick<Request, 'path' | 'fragment'> {
  const hash = url.indexOf('#', start);
  const rest = url.slice(start, hash < 0 ? undefined : hash);
  if (/[\r\n]/.test(rest)) refuse(url, 'its path holds a line break; write it as %0A or %0D');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return hash < 0 ? { path } : { path, fragment: url.slice(hash) };
}

function headersOf(headers: RequestOptions['headers']): HeaderValues {
  if (headers === undefined) return NO_HEADERS;
  const byName = new Map<string, string[]>();
  for (const name of Object.keys(headers)) {
    if (/^$|^\s|[:\r\n]/.test(name)) throw new Refusal(`'${name}' is not a header name`);
    const stated = headers[name];
    const key = name.toLowerCase();
    const values = byName.get(key) ?? [];
    for (const value of typeof stated === 'string' ? [stated] : stated) {
      if (/[\r\n]/.test(value)) throw new Refusal(`header '${name}' has a line break in its value, which would end the header`);
      values.push(value.replace(/^[ \t]+|[ \t]+$/g, ''));
    }
    if (values.length > 0) byName.set(key, values);
  }
  return byName;
}

/** The values of a header for route matches, including pseudo-headers. Undefined if it is absent. */
export function headerValuesOf(request: Request, name: string): readonly string[] | undefined {
  const stated = Object.hasOwn(REQUEST_LINE, name) ? REQUEST_LINE[name] : undefined;
  return stated ? [stated(request)] : request.headers.get(name);
}

/** The first value of a header, which Envoy's command operators read. */
export function headerOf(request: Request, name: string): string | undefined {
  return headerValuesOf(request, name)?.[0];
}

/** The scheme that routes see. In HTTP/2, callers send it; in HTTP/1, Envoy takes it from x-forwarded-proto. */
export function schemeOf({ proto, scheme, version }: Request): string {
  if (version === 'HTTP/2') return scheme;
  return /^https?$/i.test(proto) ? proto.toLowerCase() : scheme;
}

const OF_MATCHES: { readonly [H in PseudoHeader]: (request: Request) => string } = {
  ':method': ({ method }) => method,
  ':scheme': schemeOf,
  ':authority': ({ authority }) => authority,
};

const REQUEST_LINE: { readonly [name: string]: (request: Request) => string } = {
  ...OF_MATCHES, ':path': ({ path }) => path, 'host': OF_MATCHES[':authority'],
};
