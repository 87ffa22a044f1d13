import { hostProblem } from './name';
import { portProblem } from './number';
import { objectionProblem } from './objection';
import type { Problem } from './problem';
import { singleLineObjection } from './single-line';

/** Where the port of a redirect comes from. */
export enum RedirectPort {
  /** The default of the scheme: 80 or 443. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The port of the request. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/**
 * A response that redirects the caller. Everything that is not set stays as in the request, and the query always does.
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
   * Replaces the matched prefix. Requires that every match of the route is a prefix. Cannot be combined with `uri`.
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
   * The new port. Cannot be combined with `derivePort`.
   * @default - the port stays
   */
  readonly port?: number;
  /**
   * Where the new port comes from.
   * @default - the port stays
   */
  readonly derivePort?: RedirectPort;
  /**
   * The HTTP status: 301, 302, 303, 307 or 308.
   * @default 301
   */
  readonly redirectCode?: number;
}

const CODES = [301, 302, 303, 307, 308];

/** The problem of a redirect. */
export function redirectProblem(redirect: Redirect): Problem {
  const { uri, prefixRewrite, authority, scheme, port, derivePort, redirectCode } = redirect;
  if ([uri, prefixRewrite, authority, scheme, port, derivePort].every(field => field === undefined)) {
    return 'redirect changes nothing, so it would loop; set uri, prefixRewrite, authority, scheme or port';
  }
  if (uri !== undefined && prefixRewrite !== undefined) {
    return 'redirect sets both uri and prefixRewrite, and Istio accepts only one; omit one of them';
  }
  for (const [field, path] of [['uri', uri], ['prefixRewrite', prefixRewrite]] as const) {
    if (path !== undefined && !path.startsWith('/')) return `redirect.${field} '${path}' is not a path; start it with '/'`;
    const problem = path === undefined ? undefined : objectionProblem(`redirect.${field}`, singleLineObjection(path));
    if (problem !== undefined) return problem;
  }
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return `redirect.scheme '${scheme}' is not a scheme; use http or https`;
  }
  if (port !== undefined && derivePort !== undefined) {
    return 'redirect sets both port and derivePort, and Istio accepts only one; omit one of them';
  }
  if (redirectCode !== undefined && !CODES.includes(redirectCode)) {
    return `redirect.redirectCode is ${redirectCode}; use one of ${CODES.join(', ')}`;
  }
  return (authority === undefined ? undefined : hostProblem('redirect.authority', authority.replace(/:\d+$/, ''), { wildcard: false }))
    ?? (port === undefined ? undefined : portProblem('redirect.port', port));
}
