import type { Rejection } from './rejection';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';

/** The path without the query. Routes match this part. */
export function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

/** The query with its question mark. Empty without a query. */
export function queryOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? '' : path.slice(query);
}

/** How a connection manager normalizes paths. */
export type PathTreatment = Pick<HttpConnectionManager, 'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction'>;

/**
 * The path that Envoy passes to the routes, or why it rejects the path. Depending on the connection manager, escaped slashes are decoded or
 * rejected, RFC 3986's normalization removes dot segments, and repeated slashes are merged. The query stays unchanged.
 */
export function normalizePath(path: string, treatment: PathTreatment): { readonly path: string } | Rejection {
  const { normalizePath: normalizes, mergeSlashes, pathWithEscapedSlashesAction: action = 'KEEP_UNCHANGED' } = treatment;
  const query = queryOf(path);
  const stated = withoutQuery(path);
  let plain = stated;
  if (action !== 'KEEP_UNCHANGED') {
    plain = plain.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
    if (plain !== stated && action === 'REJECT_REQUEST') return unnormalized('the path holds an escaped slash, which the proxy rejects');
  }
  const isRedirected = plain !== stated && action === 'UNESCAPE_AND_REDIRECT';
  if (normalizes === true) {
    if (/%00/.test(plain)) return unnormalized('the path holds %00');
    plain = canonicalPath(plain);
  }
  // If the path consists of slashes, Envoy keeps the first and the last.
  if (mergeSlashes === true) plain = /^\/\/+$/.test(plain) ? '//' : plain.replace(/\/{2,}/g, '/');
  if (!isRedirected) return { path: plain + query };
  return { status: 307, details: 'path_normalization_failed', why: 'the path holds an escaped slash', location: plain + query };
}

function unnormalized(why: string): Rejection {
  return { status: 400, details: 'path_normalization_failed', why };
}

/**
 * Decodes letters, digits and `-._~`, encodes characters that URLs must not hold, removes dot segments, and turns backslashes into slashes.
 */
function canonicalPath(plain: string): string {
  if (/^(?:\/(?!\.)[\w.!$&'()*+,;=:@~[\]-]*)+$/.test(plain)) return plain;
  const segments: string[] = [];
  const written = plain.slice(1).split(/[/\\]/);
  written.forEach((raw, i) => {
    const segment = codedSegment(raw);
    // Dots may have parameters, but only where none of the dots is encoded.
    const dots = /^\.\.?$/.test(segment) ? segment : /^(\.\.?);/.exec(raw)?.[1];
    if (dots === '..') segments.pop();
    if (dots === undefined) segments.push(segment);
    else if (i === written.length - 1) segments.push('');
  });
  return `/${segments.join('/')}`;
}

/** A segment in which letters, digits and `-._~` stand for themselves, and what no URL may hold is encoded. */
function codedSegment(raw: string): string {
  return raw.replace(/%([0-9a-f]{2})/gi, (code, digits: string) => {
    const character = String.fromCharCode(parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : code;
  }).replace(/[^\x21-\x7e]|["<>^`{|}]/gu, encodeURIComponent);
}

/** Whether a string starts with another, ignoring case. */
export function startsWithIgnoringCase(text: string, start: string): boolean {
  return text.length >= start.length && text.slice(0, start.length).toLowerCase() === start.toLowerCase();
}
