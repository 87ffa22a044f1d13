import type { Redirection } from './redirect';

/** The number of redirects after which a browser gives up. */
const MOST_REDIRECTS = 20;

/**
 * Whether a caller that follows a redirect from a URL is redirected until it gives up. `follow` is the redirect of a URL, if it has one.
 */
export function isRedirectLoop(location: string, url: string, follow: (url: string) => Redirection | undefined): boolean {
  const seen = new Set([url]);
  let next = urlOf(location, url);
  for (let count = 1; next !== undefined && count < MOST_REDIRECTS; count++) {
    if (seen.has(next)) return true;
    seen.add(next);
    const redirection = follow(next);
    if (redirection === undefined) return false;
    next = urlOf(redirection.location, next);
  }
  return next !== undefined;
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
