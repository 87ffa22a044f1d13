import { queryOf, withoutQuery } from './path';
import type { Request } from './request';
import { portStart, schemeOf } from './request';
import { rewrittenPath } from './rewrite';
import { redirectStatus } from '../envoy/xds/redirect-status';
import type { RedirectAction, RouteMatch } from '../envoy/xds/route';

/** A redirect of the caller. */
export interface Redirection {
  /** The status, such as 301. */
  readonly status: number;
  /** The Location header. */
  readonly location: string;
}

/** The redirect of a route. */
export function redirectionOf(redirect: RedirectAction, match: RouteMatch, request: Request): Redirection {
  const { hostRedirect, portRedirect, schemeRedirect, httpsRedirect, pathRedirect = '', stripQuery, responseCode } = redirect;
  const rewritten = rewrittenPath(redirect, match, request.path);
  const scheme = schemeRedirect || (httpsRedirect === true ? 'https' : schemeOf(request));
  const port = portRedirect ? `:${portRedirect}` : '';
  const host = hostRedirect || requestHost(request, scheme, port);
  const query = stripQuery === true ? '' : queryOf(request.path);
  const path = pathRedirect === '' ? (stripQuery === true ? withoutQuery(rewritten) : rewritten)
    : pathRedirect.includes('?') ? pathRedirect : pathRedirect + query;
  return { status: redirectStatus(responseCode), location: `${scheme}://${host}${port}${path}` };
}

/** The redirect of a virtual host that accepts only TLS. */
export function tlsRedirection(request: Request): Redirection {
  return { status: 301, location: `https://${request.authority}${request.path}` };
}

/** The authority of the request, without the port if the redirect changes the scheme or the port. */
function requestHost(request: Request, scheme: string, port: string): string {
  const { authority } = request;
  const before = schemeOf(request);
  const colon = portStart(authority);
  if (colon < 0) return authority;
  const usual = before === 'https' ? ':443' : ':80';
  const drop = port !== '' || (scheme !== before && authority.slice(colon) === usual);
  return drop ? authority.slice(0, colon) : authority;
}
