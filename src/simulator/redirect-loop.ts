import type { Redirection } from './redirect';
import type { Request } from './request';
import { followingMethod } from '../traffic/following-method';

/** The number of redirects after which a browser gives up. */
const MOST_REDIRECTS = 20;

/** The redirect of a request with another URL and method, if it has one. */
export type Follow = (url: string, method: string) => Redirection | undefined;

/** Whether a caller that follows a redirect is redirected until it gives up. */
export function isRedirectLoop(first: Redirection, { url, method }: Pick<Request, 'url' | 'method'>, follow: Follow): boolean {
  const seen = new Set([`${method} ${url}`]);
  let [redirection, to, by]: [Redirection | undefined, string, string] = [first, url, method];
  for (let count = 0; redirection !== undefined && count < MOST_REDIRECTS; count++) {
    const next = urlOf(redirection.location, to);
    if (next === undefined) return false;
    [to, by] = [next, followingMethod(by, redirection.status)];
    if (seen.has(`${by} ${to}`)) return true;
    seen.add(`${by} ${to}`);
    redirection = follow(to, by);
  }
  return redirection !== undefined;
}

/** The URL of a Location header. Undefined if it is not an HTTP URL. */
function urlOf(location: string, from: string): string | undefined {
  try {
    const { href, protocol } = new URL(location, from);
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
