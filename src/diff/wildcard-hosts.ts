import type { Host, ProxyTraffic } from './proxy-traffic';

/** The wildcard hosts of a proxy, found by a name that they cover. */
export class WildcardHosts {
  private readonly byPlace = new Map<string, { readonly ending: string; readonly host: Host }[]>();

  constructor({ hosts }: ProxyTraffic) {
    for (const host of hosts.values()) {
      // A virtual host without routes answers 404 like an unknown host.
      if ((host.virtualHost.routes ?? []).length === 0 && host.virtualHost.requireTls !== 'ALL') continue;
      const wildcards = host.virtualHost.domains.filter(domain => domain.startsWith('*') && !/:\d+$/.test(domain));
      const place = this.byPlace.get(placeOf(host)) ?? [];
      this.byPlace.set(placeOf(host), [...place, ...wildcards.map(domain => ({ ending: domain.slice(1), host }))]);
    }
    for (const wildcards of this.byPlace.values()) wildcards.sort((a, b) => b.ending.length - a.ending.length);
  }

  /** The wildcard host that takes the requests to a name. */
  public find(other: Host): Host | undefined {
    const name = other.host.replace(/^\*/, '');
    return this.byPlace.get(placeOf(other))?.find(({ ending }) => name.endsWith(ending) && name !== ending)?.host;
  }
}

function placeOf({ port, isTls }: Host): string {
  return `${port ?? ''} ${isTls}`;
}
