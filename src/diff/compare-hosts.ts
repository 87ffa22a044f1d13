import { arrivalOf, entryOf, portOf, routedSchemes } from './arrival';
import type { Change } from './change';
import { compareRoutes } from './compare-routes';
import { ComparedRoutes } from './compared-routes';
import { isSame } from './is-same';
import type { Host, ProxyTraffic } from './proxy-traffic';

/** Two proxies that are compared. */
export interface Proxies {
  readonly before: ProxyTraffic;
  readonly after: ProxyTraffic;
  /** Whether both have the same clusters, so that equal routes have the same effect. */
  readonly sameClusters: boolean;
}

/** What changes for the requests to one host that both sides know. */
export function compareHosts(old: Host, now: Host, proxies: Proxies): Change[] {
  const common = now.virtualHost.domains.filter(domain => old.virtualHost.domains.includes(domain));
  return [...compareNames(old, now), ...compareRequests(now.host, common.length > 0 ? common : now.virtualHost.domains, old, now, proxies)];
}

/** What changes for the requests to one host that one side knows by name and the other side by a wildcard. */
export function compareWithWildcard(name: string, domains: readonly string[], old: Host, now: Host, proxies: Proxies): Change[] {
  return [...compareHttps(old, now, name), ...compareRequests(name, domains, old, now, proxies)];
}

function compareRequests(
  host: string,
  domains: readonly string[],
  old: Host,
  now: Host,
  { before, after, sameClusters }: Proxies,
): Change[] {
  const readsClaims = old.virtualHost.routes?.some(({ match }) => match.dynamicMetadata !== undefined) ?? false;
  if (sameClusters && !readsClaims && isSame(old.virtualHost.routes, now.virtualHost.routes)) return [];
  const schemes = routedSchemes(old, before).filter(scheme => routedSchemes(now, after).includes(scheme));
  // If every request is redirected to HTTPS, no request reaches a route.
  if (schemes.length === 0) return [];
  const port = portOf(now);
  const [entry, newEntry] = [entryOf(old, before), entryOf(now, after)];
  const changes = compareRoutes(
    new ComparedRoutes(old.virtualHost.routes ?? [], cluster => before.hasCluster(cluster), before.seesClaims(old)),
    new ComparedRoutes(now.virtualHost.routes ?? [], cluster => after.hasCluster(cluster), after.seesClaims(now)),
    {
      arrival: arrivalOf(host, domains, [old, now], schemes, [entry, newEntry]),
      gates: { before: entry.gate, after: newEntry.gate },
      scheme: now.isTls ? 'https' : 'http',
      port,
    },
    sameClusters,
  );
  return changes.map(change => ({ ...change, host, port: now.port }));
}

function compareNames(old: Host, now: Host): Change[] {
  const [before, after] = [old, now].map(({ virtualHost }) => virtualHost.domains.filter(d => !isAddress(d)).sort().join(', '));
  const names: Change[] = before === after ? [] : [{ kind: 'names', risk: 'low', host: now.host, port: now.port, before, after }];
  return [...names, ...compareHttps(old, now, now.host)];
}

function compareHttps(old: Host, now: Host, host: string): Change[] {
  const https = ({ virtualHost }: Host) => (virtualHost.requireTls === 'ALL' ? 'redirected to HTTPS (301)' : 'served');
  if (https(old) === https(now)) return [];
  return [{ kind: 'https-only', risk: 'high', host, port: now.port, requests: 'plain HTTP', before: https(old), after: https(now) }];
}

/** The addresses of services come from the cluster, not from manifests. */
function isAddress(domain: string): boolean {
  return /^[\d.]+$/.test(domain) || domain.startsWith('[');
}
