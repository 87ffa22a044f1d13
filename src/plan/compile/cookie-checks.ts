import type { CompiledPolicies, Entry } from '../model/compiled-service';

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

/** The errors of sticky cookies on a host with each other, and with the cookies by which its services hash requests. */
export function hostCookieErrors(host: string, entries: readonly Entry[], services: readonly HashedService[]): string[] {
  return [...cookieErrors(host, entries), ...hashCookieErrors(host, entries, services)];
}

/** The policies of a service whose requests have the cookies of a host. */
interface HashedService {
  readonly host: string;
  readonly policies: CompiledPolicies;
}

/**
 * Sticky cookies by which a service also hashes requests. The value is the version, so that all clients of one version would reach one
 * endpoint, and Envoy may set the cookie to a value of its own.
 */
export function hashCookieErrors(host: string, entries: readonly Entry[], services: readonly HashedService[]): string[] {
  const sticky = new Map(entries.flatMap(({ cookie, split }) => (cookie === undefined ? [] : [[cookie, split[0]] as const])));
  if (sticky.size === 0) return [];
  const errors = services.flatMap(service => hashCookies(service.policies).filter(name => sticky.has(name)).map(name =>
    `${sticky.get(name)} stores its version in the cookie '${name}', by which the consistentHash of '${service.host}' chooses endpoints for `
    + `requests to the same host '${host}', so that all clients of a version would reach one endpoint; use different names`));
  return [...new Set(errors)];
}

interface HashPolicy {
  readonly loadBalancer?: { readonly consistentHash?: { readonly httpCookie?: { readonly name: string } } };
  readonly portLevelSettings?: readonly HashPolicy[];
}

/** The names of the cookies by which any level of the policies hashes requests. */
function hashCookies({ trafficPolicy, subsets }: CompiledPolicies): readonly string[] {
  const levels = [trafficPolicy, ...subsets.map(subset => subset.trafficPolicy)] as readonly (HashPolicy | undefined)[];
  return levels.flatMap(level => [level, ...level?.portLevelSettings ?? []])
    .flatMap(level => level?.loadBalancer?.consistentHash?.httpCookie?.name ?? []);
}
