import type { Entry } from '../model/compiled-service';

/** A sticky cookie on a host: the construct that sets it, and the versions that it stores. */
interface CookieUse {
  readonly path: string;
  readonly versions: string;
}

/**
 * Sticky cookies with one name and different versions on one host. A client sends the cookie with every request to the host, so that the
 * cookie of one canary would select the version of the other.
 */
export function cookieErrors(host: string, entries: readonly Entry[]): string[] {
  if (!entries.some(({ cookie }) => cookie !== undefined)) return [];
  const uses = new Map<string, CookieUse>();
  const errors = new Set<string>();
  for (const { cookie, shares, split: [path] } of entries) {
    if (cookie === undefined) continue;
    const use = { path, versions: shares.map(({ target }) => `${target.host} ${target.subset}`).sort().join() };
    const other = uses.get(cookie);
    if (other === undefined) {uses.set(cookie, use);} else if (other.versions !== use.versions) {
      errors.add(`${use.path} stores its version in the cookie '${cookie}', as ${other.path} does for requests to the same host '${host}', `
        + 'so the cookie of one would select the version of the other; use different names');
    }
  }
  return [...errors];
}
