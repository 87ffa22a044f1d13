import { hostProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';

/** Where the port of a redirect comes from. */
export enum RedirectPort {
  /** The scheme's own: 80 or 443. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The request's. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/**
 * An answer that sends the caller elsewhere. What is not stated stays as it was in the request; the query always does.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect
 */
export interface Redirect {
  /**
   * The new path.
   * @default - the path stays
   */
  readonly uri?: string;
  /**
   * Replaces the prefix that the route matched. Not beside `uri`, and only where every match of the route is a prefix.
   * @default - the path stays
   */
  readonly prefixRewrite?: string;
  /**
   * The new host.
   * @default - the host stays
   */
  readonly authority?: string;
  /**
   * `http` or `https`.
   * @default - the scheme stays
   */
  readonly scheme?: string;
  /**
   * The new port. Not beside `derivePort`.
   * @default - the port stays
   */
  readonly port?: number;
  /**
   * Where the new port comes from.
   * @default - the port stays
   */
  readonly derivePort?: RedirectPort;
  /**
   * The status: 301, 302, 303, 307 or 308.
   * @default 301
   */
  readonly redirectCode?: number;
}

const CODES = [301, 302, 303, 307, 308];

/** What is wrong with a redirect, if anything. */
export function redirectProblem(redirect: Redirect): Problem {
  const { uri, prefixRewrite, authority, scheme, port, derivePort, redirectCode } = redirect;
  if ([uri, prefixRewrite, authority, scheme, port, derivePort].every(field => field === undefined)) {
    return 'redirect leads nowhere else, so that the caller would go round in circles; state uri, prefixRewrite, authority, scheme or port';
  }
  if (uri !== undefined && prefixRewrite !== undefined) return 'redirect states uri and prefixRewrite, of which Istio takes one; leave one out';
  for (const [field, path] of [['uri', uri], ['prefixRewrite', prefixRewrite]] as const) {
    if (path !== undefined && !path.startsWith('/')) return `redirect.${field} '${path}' is not a path; start it with '/'`;
  }
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return `redirect.scheme '${scheme}' is neither http nor https`;
  if (port !== undefined && derivePort !== undefined) return 'redirect states port and derivePort, of which Istio takes one; leave one out';
  if (redirectCode !== undefined && !CODES.includes(redirectCode)) return `redirect.redirectCode is ${redirectCode}; Envoy takes ${CODES.join(', ')}`;
  return (authority === undefined ? undefined : hostProblem('redirect.authority', authority.replace(/:\d+$/, ''), { wildcard: false }))
    ?? (port === undefined ? undefined : portProblem('redirect.port', port));
}
