import type { Change } from './change';
import { compareRoutes } from './compare-routes';
import { ComparedRoutes } from './compared-routes';
import { isSame } from './is-same';
import type { Host, ProxyTraffic } from './proxy-traffic';
import type { Arrival } from '../proof/fields';

/** What changes for the requests of one host that both know. Equal routes mean the same where both proxies have the same clusters. */
export function compareHosts(old: Host, now: Host, before: ProxyTraffic, after: ProxyTraffic, sameClusters: boolean): Change[] {
  const { host, port } = now;
  const names = compareNames(old, now);
  if (sameClusters && isSame(old.virtualHost.routes, now.virtualHost.routes)) return names;
  const schemes = before.schemesOf(old).filter(scheme => after.schemesOf(now).includes(scheme))
    .filter(scheme => !isRedirected(old, scheme) && !isRedirected(now, scheme));
  // Where every request is redirected to HTTPS, routes take none.
  if (schemes.length === 0) return names;
  const changes = compareRoutes(
    new ComparedRoutes(old.virtualHost.routes ?? [], cluster => before.hasCluster(cluster)),
    new ComparedRoutes(now.virtualHost.routes ?? [], cluster => after.hasCluster(cluster)),
    { arrival: arrivalOf(old, now, schemes), scheme: now.isTls ? 'https' : 'http', port: portOf(now) },
    sameClusters,
  );
  return [...names, ...changes.map(change => ({ ...change, host, port }))];
}

function isRedirected({ virtualHost }: Host, scheme: 'http' | 'https'): boolean {
  return virtualHost.requireTls === 'ALL' && scheme === 'http';
}

function portOf({ port, isTls }: Host): number {
  return port ?? (isTls ? 443 : 80);
}

function compareNames({ virtualHost: a }: Host, { virtualHost: b, host, port }: Host): Change[] {
  const changes: Change[] = [];
  const [before, after] = [a, b].map(v => v.domains.filter(d => !isAddress(d)).sort().join(', '));
  if (before !== after) changes.push({ kind: 'names', risk: 'low', host, port, before, after });
  const https = (v: Host['virtualHost']) => (v.requireTls === 'ALL' ? 'redirected to HTTPS (301)' : 'served');
  if (https(a) !== https(b)) changes.push({ kind: 'https-only', risk: 'high', host, port, requests: 'plain HTTP', before: https(a), after: https(b) });
  return changes;
}

/** Addresses of services are the cluster's, and no part of manifests. */
function isAddress(domain: string): boolean {
  return /^[\d.]+$/.test(domain) || domain.startsWith('[');
}

/** Where requests to a host arrive, as far as both sides agree. */
function arrivalOf(old: Host, now: Host, schemes: Arrival['schemes']): Arrival {
  const common = now.virtualHost.domains.filter(domain => old.virtualHost.domains.includes(domain));
  const domains = common.length > 0 ? common : now.virtualHost.domains;
  const hasWildcard = domains.some(domain => domain.startsWith('*') || domain.endsWith('*'));
  const others = hasWildcard ? [old, now].flatMap(({ configuration, virtualHost }) => (
    (configuration.virtualHosts ?? []).filter(other => other !== virtualHost).flatMap(other => other.domains))) : [];
  const ignorePort = old.configuration.ignorePortInHostMatching === true && now.configuration.ignorePortInHostMatching === true;
  const name = now.host.replace(/^\*\./, 'www.').replace('*', 'example.com');
  const port = portOf(now);
  const authority = port === (now.isTls ? 443 : 80) ? name : `${name}:${port}`;
  return { domains, ignorePort, authority, others: [...new Set(others)].filter(domain => domain !== '*' && !domains.includes(domain)), schemes };
}
