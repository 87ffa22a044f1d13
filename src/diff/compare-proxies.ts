import { alignedHosts } from './aligned-hosts';
import type { Change, ChangeKind, Risk } from './change';
import type { ClusterAspect } from './cluster-settings';
import { clusterSettings } from './cluster-settings';
import { compareConnections } from './compare-connections';
import type { Proxies } from './compare-hosts';
import { compareHosts, compareWithWildcard } from './compare-hosts';
import { describeDestination, destinationOf } from './destination';
import { isSame } from './is-same';
import { isOwnFirst } from './load-balancing-words';
import type { Host, ProxyTraffic } from './proxy-traffic';
import { reachedClusters } from './used-clusters';
import { WildcardHosts } from './wildcard-hosts';

const BLOCKED = 'blocked (502)';
const NOT_SERVED = 'not served (404)';
const PASSED = 'passed through to the called address, without any rule';

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
  const proxies = { before, after, sameClusters };
  const [oldHosts, newHosts] = alignedHosts(before, after);
  const [gone, added] = [unmatched(oldHosts, newHosts), unmatched(newHosts, oldHosts)];
  const newWildcards = gone.length > 0 ? new WildcardHosts(after) : undefined;
  const oldWildcards = added.length > 0 ? new WildcardHosts(before) : undefined;
  return [
    ...(oldOthers === newOthers ? [] : [unknownHosts(oldOthers, newOthers)]),
    ...gone.flatMap(host => disappeared(host, newWildcards?.find(host), proxies)),
    ...added.flatMap(host => appeared(host, oldWildcards?.find(host), proxies)),
    ...matched(oldHosts, newHosts).flatMap(([old, now]) => compareHosts(old, now, proxies)),
    ...compareConnections(before, after, [oldOthers, newOthers]),
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

function disappeared(old: Host, wildcard: Host | undefined, proxies: Proxies): Change[] {
  const { before, after } = proxies;
  if (wildcard) return compareWithWildcard(old.host, old.virtualHost.domains, old, wildcard, proxies);
  const texts = { before: servedText(old, before), after: othersText(after) };
  const kind = texts.after === PASSED ? 'host-passed-through' : 'host-blocked';
  return texts.before === texts.after ? [] : [{ kind, risk: 'high', host: old.host, port: old.port, ...texts }];
}

function appeared(now: Host, wildcard: Host | undefined, proxies: Proxies): Change[] {
  const { before, after } = proxies;
  if (wildcard) return compareWithWildcard(now.host, now.virtualHost.domains, wildcard, now, proxies);
  const texts = { before: othersText(before), after: servedText(now, after) };
  return texts.before === texts.after ? [] : [{ kind: 'host-reachable', risk: 'low', host: now.host, port: now.port, ...texts }];
}

/** What happens to the requests to a host. */
function servedText(host: Host, traffic: ProxyTraffic): string {
  const { routes = [] } = host.virtualHost;
  if (traffic.isRedirected(host)) return 'redirected to HTTPS (301)';
  return routes.length === 0 ? NOT_SERVED : `routed (${routes.length === 1 ? '1 route' : `${routes.length} routes`})`;
}

/** Settings are compared only for clusters that get requests before and after. */
function compareClusters(before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const candidates = [...after.clusters.values()].filter(cluster => {
    const old = before.clusters.get(cluster.name);
    if (old === undefined) return false;
    return !isSame(old, cluster) || !isSame(before.localityPreference(cluster.name), after.localityPreference(cluster.name));
  });
  if (candidates.length === 0) return [];
  const names = candidates.map(({ name }) => name);
  const reached = reachedClusters(reachedClusters(names, before), after);
  return candidates.filter(({ name }) => reached.has(name)).flatMap(cluster => {
    const oldCluster = before.clusters.get(cluster.name)!;
    const preferences = [before, after].map(traffic => traffic.localityPreference(cluster.name));
    // That the caller's own locality comes first is part of outlier detection that starts or stops.
    const isTold = (oldCluster.outlierDetection === undefined) === (cluster.outlierDetection === undefined);
    const told = preferences.map(preference => (isTold || !isOwnFirst(preference) ? preference : undefined));
    const [old, now] = [clusterSettings(oldCluster, told[0]), clusterSettings(cluster, told[1])];
    const destination = destinationOf(cluster.name);
    return (Object.keys(ASPECTS) as ClusterAspect[]).filter(aspect => old[aspect] !== now[aspect]).map((aspect): Change => {
      const [kind, risk] = ASPECTS[aspect];
      const place = { host: destination.host, port: destination.port, destination: describeDestination(destination) };
      return { kind, risk, ...place, before: old[aspect] ?? 'none', after: now[aspect] ?? 'none' };
    });
  });
}
