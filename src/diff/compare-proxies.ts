import type { Change, ChangeKind, Risk } from './change';
import type { ClusterAspect } from './cluster-settings';
import { clusterSettings } from './cluster-settings';
import { compareHosts } from './compare-hosts';
import { describeDestination, destinationOf } from './destination';
import { isSame } from './is-same';
import type { Host, ProxyTraffic } from './proxy-traffic';
import { usedClusters } from './used-clusters';

const BLOCKED = 'blocked (502)';
const NOT_SERVED = 'not served (404)';
const PASSED = 'passed through to the address that was called, without any rule';

const ASPECTS: { readonly [A in ClusterAspect]: readonly [kind: ChangeKind, risk: Risk] } = {
  'limits': ['limits', 'medium'],
  'outlier detection': ['outlier-detection', 'medium'],
  'load balancing': ['load-balancing', 'low'],
  'connections': ['connections', 'low'],
  'TLS': ['tls', 'high'],
  'endpoints': ['endpoints', 'medium'],
  'other': ['cluster', 'low'],
};

/** What changes for the traffic of one proxy. */
export function compareProxies(before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const [oldOthers, newOthers] = [before, after].map(othersText);
  const sameClusters = before.clusters.size === after.clusters.size && [...before.clusters.keys()].every(name => after.hasCluster(name));
  return [
    ...(oldOthers === newOthers ? [] : [unknownHosts(oldOthers, newOthers)]),
    ...unmatched(before.hosts, after.hosts).flatMap(host => disappeared(host, before, after)),
    ...unmatched(after.hosts, before.hosts).flatMap(host => appeared(host, before, after)),
    ...matched(before.hosts, after.hosts).flatMap(([old, now]) => compareHosts(old, now, before, after, sameClusters)),
    ...compareConnections(before, after),
    ...compareClusters(before, after),
  ];
}

function unmatched<T>(all: ReadonlyMap<string, T>, others: ReadonlyMap<string, T>): T[] {
  return [...all].filter(([key]) => !others.has(key)).map(([, value]) => value);
}

function matched<T>(old: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>): (readonly [T, T])[] {
  return [...now].filter(([key]) => old.has(key)).map(([key, value]) => [old.get(key)!, value]);
}

function othersText({ others }: ProxyTraffic): string {
  if (others === 'PassthroughCluster') return PASSED;
  if (others === 'BlackHoleCluster') return BLOCKED;
  return others === 'nothing' ? NOT_SERVED : `sent to ${describeDestination(destinationOf(others))}`;
}

function unknownHosts(before: string, after: string): Change {
  return { kind: 'unknown-hosts', risk: after === BLOCKED ? 'high' : 'medium', host: 'any other host', before, after };
}

function disappeared(old: Host, before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const texts = { before: servedText(old, before), after: othersText(after) };
  const kind = texts.after === PASSED ? 'host-passed-through' : 'host-blocked';
  return texts.before === texts.after ? [] : [{ kind, risk: 'high', host: old.host, port: old.port, ...texts }];
}

function appeared(now: Host, before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const texts = { before: othersText(before), after: servedText(now, after) };
  return texts.before === texts.after ? [] : [{ kind: 'host-reachable', risk: 'low', host: now.host, port: now.port, ...texts }];
}

/** What a host's requests meet. */
function servedText(host: Host, traffic: ProxyTraffic): string {
  const { routes = [] } = host.virtualHost;
  if (traffic.isRedirected(host)) return 'redirected to HTTPS (301)';
  return routes.length === 0 ? NOT_SERVED : `routed (${routes.length === 1 ? '1 route' : `${routes.length} routes`})`;
}

function compareConnections(before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const common = (c: { readonly host: string; readonly port: number }) => ({ host: c.host, port: c.port, requests: 'connections' });
  return [
    ...unmatched(before.connections, after.connections)
      .map((c): Change => ({ kind: 'connection-removed', risk: 'high', ...common(c), before: c.goesTo, after: othersText(after) })),
    ...unmatched(after.connections, before.connections)
      .map((c): Change => ({ kind: 'connection-added', risk: 'low', ...common(c), before: othersText(before), after: c.goesTo })),
    ...matched(before.connections, after.connections).filter(([old, now]) => old.goesTo !== now.goesTo)
      .map(([old, now]): Change => ({ kind: 'connection-shares', risk: 'medium', ...common(now), before: old.goesTo, after: now.goesTo })),
  ];
}

/** Settings count only of clusters that get requests before and after. */
function compareClusters(before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const candidates = [...after.clusters.values()].filter(cluster => {
    const old = before.clusters.get(cluster.name);
    return old !== undefined && !isSame(old, cluster);
  });
  if (candidates.length === 0) return [];
  const [oldUsed, newUsed] = [usedClusters(before), usedClusters(after)];
  return candidates.filter(({ name }) => oldUsed.has(name) && newUsed.has(name)).flatMap(cluster => {
    const [old, now] = [clusterSettings(before.clusters.get(cluster.name)!), clusterSettings(cluster)];
    const destination = destinationOf(cluster.name);
    return (Object.keys(ASPECTS) as ClusterAspect[]).filter(aspect => old[aspect] !== now[aspect]).map((aspect): Change => {
      const [kind, risk] = ASPECTS[aspect];
      const place = { host: destination.host, port: destination.port, destination: describeDestination(destination) };
      return { kind, risk, ...place, before: old[aspect] ?? 'none', after: now[aspect] ?? 'none' };
    });
  });
}
