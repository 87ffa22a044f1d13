import { badgesOfCluster, badgesOfTreatment } from './badges';
import type { GraphDraft } from './graph-draft';
import { shortMatch } from './short-match';
import { describeDestination, destinationOf } from '../diff/destination';
import type { EffectiveRoute } from '../diff/effective-route';
import { readRoutes } from '../diff/effective-route';
import { describeMatch } from '../diff/match-text';
import type { Connection, Host, ProxyTraffic } from '../diff/proxy-traffic';
import { fractionalPercent } from '../diff/route-treatment';
import { percent } from '../diff/shares';
import type { Route } from '../envoy/xds/route';

/** Returns the node of a host, and creates it if necessary. */
export type NodeOfHost = (host: string) => string;

/** Draws where the requests to a host go: from its node along its routes. */
export function drawHost(draft: GraphDraft, from: string, { host, virtualHost }: Host, traffic: ProxyTraffic, nodeOf: NodeOfHost): void {
  const routes = virtualHost.routes ?? [];
  const read = readRoutes(routes, cluster => traffic.hasCluster(cluster));
  read.forEach((route, i) => {
    const condition = shortMatch(route.match);
    for (const { cluster, fraction } of route.treatment.shares) {
      const to = nodeOfCluster(draft, cluster, traffic, nodeOf);
      const words = [
        ...(condition === '' ? [] : [condition]),
        ...(fraction < 1 || (condition === '' && to.includes('|')) ? [percent(fraction)] : []),
      ];
      if (to !== from) draft.edge(from, to, 'route', words.join(' '));
    }
    for (const mirror of mirrorsOf(routes[i])) {
      draft.edge(from, nodeOfCluster(draft, mirror.cluster, traffic, nodeOf), 'mirror', `mirror ${mirror.share}`);
    }
    for (const [text, details] of badgesOfTreatment(route.treatment)) draft.badge(from, text, details);
  });
  const isStated =
    read.length > 1
    || read.some(({ name, treatment: { mirrors, shares } }) => name !== 'default' || mirrors.length > 0 || shares.length > 1);
  if (isStated) draft.node(from, 'host', host, '').routes.push(...read.map((route, i) => `${i + 1}. ${routeLine(route)}`));
}

/** Draws where the connections to one port of a service go. */
export function drawConnection(
  draft: GraphDraft, from: string, { port, goesTo, shares }: Connection, traffic: ProxyTraffic, nodeOf: NodeOfHost,
): void {
  for (const { cluster, fraction } of shares) {
    const to = nodeOfCluster(draft, cluster, traffic, nodeOf);
    if (to !== from) draft.edge(from, to, 'route', fraction < 1 || to.includes('|') ? percent(fraction) : `port ${port}`);
  }
  if (shares.some(({ destination }) => destination.subset !== undefined) || shares.length > 1) {
    draft.node(from, 'service', from, '').routes.push(`connections to port ${port} → ${goesTo}`);
  }
}

function routeLine({ match, treatment: { aspects } }: EffectiveRoute): string {
  const { 'goes to': goesTo, answer, ...others } = aspects;
  const stated = Object.entries(others)
    .filter(([, text]) => text !== undefined && text !== 'none')
    .map(([aspect, text]) => `${aspect}: ${text}`);
  return [`${describeMatch(match)} → ${answer ?? goesTo}`, ...stated].join('; ');
}

function mirrorsOf({ route }: Route): { readonly cluster: string; readonly share: string }[] {
  return (route?.requestMirrorPolicies ?? []).map(({ cluster, runtimeFraction }) => (
    { cluster, share: fractionalPercent(runtimeFraction?.defaultValue) }));
}

/** The node of a destination: a service, one of its subsets, or a cluster that the proxy does not have. */
export function nodeOfCluster(draft: GraphDraft, cluster: string, traffic: ProxyTraffic, nodeOf: NodeOfHost): string {
  const destination = destinationOf(cluster);
  if (cluster === 'PassthroughCluster' || cluster === 'BlackHoleCluster') {
    return draft.node(cluster, 'external', describeDestination(destination), '').id;
  }
  if (!traffic.hasCluster(cluster)) {
    return draft.node(`missing ${cluster}`, 'missing', `${describeDestination(destination)}: missing, 503`, '').id;
  }
  const service = nodeOf(destination.host);
  const settings = traffic.clusters.get(cluster)!;
  if (destination.subset === undefined) {
    for (const [text, details] of badgesOfCluster(settings)) draft.badge(service, text, details);
    return service;
  }
  const id = `${service}|${destination.subset}`;
  draft.node(id, 'subset', destination.subset, groupOf(draft, service));
  for (const [text, details] of badgesOfCluster(settings)) draft.badge(id, text, details);
  return id;
}

function groupOf(draft: GraphDraft, id: string): string {
  return draft.node(id, 'service', id, '').group;
}
