import type { RouteConfiguration, VirtualHost } from '../envoy/xds/route';

/** A domain of a virtual host, also from its end, so that domains with the same end are next to each other. */
interface Placed {
  readonly domain: string;
  readonly reversed: string;
  readonly virtualHost: VirtualHost;
}

const SORTED = new WeakMap<RouteConfiguration, readonly Placed[]>();

/** The domains of other virtual hosts that may have names in common with wildcards among the given domains. */
export function namesWithin(domains: readonly string[], configuration: RouteConfiguration, own: VirtualHost): string[] {
  const wildcards = domains.filter(domain => domain.startsWith('*') || domain.endsWith('*'));
  if (wildcards.length === 0) return [];
  let sorted = SORTED.get(configuration);
  if (sorted === undefined) SORTED.set(configuration, sorted = sortedDomains(configuration));
  const found = wildcards.flatMap(wildcard => within(wildcard, sorted));
  return found.filter(({ virtualHost }) => virtualHost !== own).map(({ domain }) => domain);
}

function sortedDomains({ virtualHosts = [] }: RouteConfiguration): readonly Placed[] {
  return virtualHosts.flatMap(virtualHost => virtualHost.domains.map(domain => ({ domain, reversed: reversed(domain), virtualHost })))
    .sort((a, b) => (a.reversed < b.reversed ? -1 : Number(a.reversed > b.reversed)));
}

function within(wildcard: string, sorted: readonly Placed[]): readonly Placed[] {
  if (!wildcard.startsWith('*')) return sorted.filter(({ domain }) => domain.startsWith(wildcard.slice(0, -1)));
  const end = reversed(wildcard.slice(1));
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle].reversed < end) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < sorted.length && sorted[last].reversed.startsWith(end)) last++;
  return sorted.slice(low, last);
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
