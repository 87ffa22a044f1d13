/** Istio's host names: a wildcard begins with `*`, which matches any prefix. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether two hosts have a name in common; either may be a wildcard. */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
  if (isWildcard(a)) return b.endsWith(a.slice(1));
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Whether one host covers every name of another. */
export function isHostWithin(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  return isWildcard(inner) ? inner.length >= outer.length && inner.endsWith(outer.slice(1)) : inner.endsWith(outer.slice(1));
}

/** The hosts of a Gateway's server that a namespace may use: `namespace/host`, with `*` for every namespace, or only a host. */
export function hostsForNamespace(hosts: readonly string[], namespace: string): string[] {
  return hosts.flatMap(host => {
    const slash = host.indexOf('/');
    if (slash < 0) return [host];
    return [namespace, '*'].includes(host.slice(0, slash)) ? [host.slice(slash + 1)] : [];
  });
}

/**
 * The full name of a host. A name without a dot is a service in the namespace of the object that names it. Other names and addresses stay
 * as written.
 */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host === '' || host === '*' || /[.:]/.test(host) ? host : serviceHost(host, namespace, clusterDomain);
}

/** The host of a Kubernetes Service. */
export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * Values by host. The most specific host for a name wins: the name itself, else the longest wildcard. The cost of a look-up depends on the
 * number of different wildcard lengths, not of hosts.
 */
export class HostIndex<T> {
  private readonly values = new Map<string, T>();
  private lengths: number[] = [];

  public get size(): number {
    return this.values.size;
  }

  public get(host: string): T | undefined {
    return this.values.get(host);
  }

  public set(host: string, value: T): void {
    this.values.set(host, value);
    if (isWildcard(host) && !this.lengths.includes(host.length)) this.lengths = [...this.lengths, host.length].sort((a, b) => b - a);
  }

  /** The most specific host that covers `host`, with its value. */
  public mostSpecific(host: string): { readonly host: string; readonly value: T } | undefined {
    const own = this.values.get(host);
    if (own !== undefined) return { host, value: own };
    const name = isWildcard(host) ? host.slice(1) : host;
    for (const length of this.lengths) {
      if (length - 1 > name.length) continue;
      const wildcard = `*${name.slice(name.length - (length - 1))}`;
      const value = this.values.get(wildcard);
      if (value !== undefined) return { host: wildcard, value };
    }
    return undefined;
  }
}
