import { METHODS } from 'node:http';
import { normalizedPath } from './path';
import { Refusal } from './refusal';
import type { PseudoHeader } from '../envoy/routes/match-places';

/** What a caller sends. */
export interface RequestOptions {
  /** Headers by name, whatever its case. @default none */
  readonly headers?: { readonly [name: string]: string | readonly string[] };
  /** The address that the caller's look-up of the host gave; default: that of the service of this name, as far as the manifests tell. */
  readonly address?: string;
}

/** A request as a proxy sees it. */
export interface Request {
  /** The method, such as GET. */
  readonly method: string;
  /** The URL, as the caller wrote it. */
  readonly url: string;
  /** Whether the caller encrypts. */
  readonly scheme: 'http' | 'https';
  /** The scheme that the first caller used, as the proxy before says or as the connection shows. */
  readonly proto: string;
  /** The Host header. */
  readonly authority: string;
  /** Where the caller connects to: the host and port of the URL. */
  readonly host: string;
  /** The port of the URL, else that of its scheme. */
  readonly port: number;
  /** The address that the caller's look-up of the host gave. */
  readonly address?: string;
  /** With the query, as Envoy makes it uniform. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/** A request to a URL; throws where that is none that HTTP can ask for. */
export function requestOf(method: string, url: string, options: RequestOptions = {}): Request {
  const scheme = url.startsWith('http://') ? 'http' : url.startsWith('https://') ? 'https' : refuse(url, 'it has to start with http:// or https://');
  const start = scheme.length + 3;
  let end = start;
  while (end < url.length && url[end] !== '/' && url[end] !== '?' && url[end] !== '#') end++;
  const place = url.slice(url.lastIndexOf('@', end - 1) >= start ? url.lastIndexOf('@', end - 1) + 1 : start, end);
  const { host, port } = placeOf(place, url, scheme === 'http' ? 80 : 443);
  if (!KNOWN_METHODS.has(method)) throw new Refusal(`'${method}' is not a method of HTTP that Envoy takes; use one such as GET`);
  const headers = headersOf(options.headers);
  const stated = headers.get('host');
  const authority = stated ?? place;
  if (stated !== undefined && !AUTHORITY.test(stated)) throw new Refusal(`'${authority}' is no Host header that Envoy takes; it would answer 400`);
  const proto = headers.get('x-forwarded-proto') ?? scheme;
  return { method, url, scheme, proto, authority, host, port, address: options.address, path: pathOf(url, end), headers };
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);
const AUTHORITY = /^[\w.~!$&'()*+,;=:%[\]@-]*$/;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

function refuse(url: string, why: string): never {
  throw new Refusal(`'${url}' is not a URL that can be asked for: ${why}`);
}

function placeOf(place: string, url: string, usual: number): { readonly host: string; readonly port: number } {
  const colon = portStart(place);
  const host = colon < 0 ? place : place.slice(0, colon);
  if (host === '') refuse(url, 'it names no host');
  if (!AUTHORITY.test(host)) refuse(url, `its host '${host}' holds a character that no host has`);
  const digits = colon < 0 ? '' : place.slice(colon + 1);
  const port = digits === '' ? usual : /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535) refuse(url, `its port '${digits}' has to be a number from 1 to 65535`);
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port };
}

/** Where the port of an authority starts, at its colon; -1 where there is none. */
export function portStart(authority: string): number {
  const colon = authority.lastIndexOf(':');
  return colon > authority.lastIndexOf(']') ? colon : -1;
}

function pathOf(url: string, start: number): string {
  const hash = url.indexOf('#', start);
  const rest = url.slice(start, hash < 0 ? undefined : hash);
  if (/[\0-\x20\x7f]/.test(rest)) refuse(url, 'its path holds a character that no request has; write it as a percent sign and its code');
  return normalizedPath(rest.startsWith('/') ? rest : `/${rest}`);
}

/** The request as a proxy at the edge takes it, which believes no caller what came before. */
export function atEdge(request: Request): Request {
  const { scheme, headers } = request;
  return headers.has('x-forwarded-proto') ? { ...request, proto: scheme, headers: new Map([...headers, ['x-forwarded-proto', scheme]]) } : request;
}

function headersOf(headers: RequestOptions['headers']): ReadonlyMap<string, string> {
  if (headers === undefined) return NO_HEADERS;
  const byName = new Map<string, string>();
  for (const name of Object.keys(headers)) {
    if (!TOKEN.test(name)) throw new Refusal(`'${name}' is not a name of a header`);
    const value = headers[name];
    const text = typeof value === 'string' ? value : value.join(',');
    const key = name.toLowerCase();
    byName.set(key, byName.has(key) ? `${byName.get(key)},${text}` : text);
  }
  return byName;
}

/** A header as route matches see it, with those that stand in the request line; several of one name are one, joined by commas. */
export function headerOf(request: Request, name: string): string | undefined {
  const stated = Object.hasOwn(REQUEST_LINE, name) ? REQUEST_LINE[name] : undefined;
  return stated ? stated(request) : request.headers.get(name);
}

const OF_MATCHES: { readonly [H in PseudoHeader]: (request: Request) => string } = {
  ':method': ({ method }) => method,
  ':scheme': ({ proto, scheme }) => (/^https?$/i.test(proto) ? proto.toLowerCase() : scheme),
  ':authority': ({ authority }) => authority,
};

const REQUEST_LINE: { readonly [name: string]: (request: Request) => string } = {
  ...OF_MATCHES, ':path': ({ path }) => path, 'host': OF_MATCHES[':authority'],
};
