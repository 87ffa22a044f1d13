import { badgesOfCluster, badgesOfTreatment } from './badges';
import type { GraphDraft } from './graph-draft';
import { describeDestination, destinationOf, shortHost } from '../diff/destination';
import type { EffectiveRoute } from '../diff/effective-route';
import { readRoutes } from '../diff/effective-route';
import { describeMatch } from '../diff/match-text';
import type { Host, ProxyTraffic } from '../diff/proxy-traffic';
import { percent } from '../diff/shares';
import { fractionalPercent } from '../diff/treatment';
import type { Json, Route } from '../envoy/proxy-config';

/** Knows the node of a host, and makes it where it is not there yet. */
export type NodeOfHost = (host: string) => string;

/** Draws where the requests of one host go: from a node, along the host's routes. */
export function drawHost(draft: GraphDraft, from: string, { host, port, virtualHost }: Host, traffic: ProxyTraffic, nodeOf: NodeOfHost): void {
  const routes = virtualHost.routes ?? [];
  const read = readRoutes(routes, cluster => traffic.hasCluster(cluster));
  const isService = from === nodeOf(host);
  read.forEach((route, i) => {
    const words = [
      ...(isService ? [] : [`${shortHost(host)}${port === undefined || port === 80 ? '' : `:${port}`}`]),
      ...(describeMatch(route.match) === 'every request' ? [] : [shortMatch(route)]),
    ];
    for (const { cluster, fraction } of route.treatment.shares) {
      const to = nodeOfCluster(draft, cluster, traffic, nodeOf);
      if (to !== from) draft.edge(from, to, 'route', [...words, ...(fraction < 1 ? [percent(fraction)] : [])].join(' ') || (to.includes('|') ? '100 %' : ''));
    }
    for (const mirror of mirrorsOf(routes[i])) draft.edge(from, nodeOfCluster(draft, mirror.cluster, traffic, nodeOf), 'mirror', `mirror ${mirror.share}`);
    for (const [text, details] of badgesOfTreatment(route.treatment)) draft.badge(from, text, details);
  });
  const lines = draft.node(from, 'service', host, '').routes;
  if (read.length > 1 || read.some(({ name }, i) => name !== 'default' || mirrorsOf(routes[i]).length > 0)) {
    lines.push(...read.map((route, i) => `${isService ? '' : `${shortHost(host)} `}${i + 1}. ${routeLine(route)}`));
  }
}

/** Longer conditions are cut in the picture; the node's routes say them in full. */
const LONGEST = 36;

function shortMatch(route: EffectiveRoute): string {
  const text = describeMatch(route.match).replace(/^path /, '').replace(/ and /g, ' & ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function routeLine({ match, treatment: { aspects } }: EffectiveRoute): string {
  const { 'goes to': goesTo, answer, ...others } = aspects;
  const stated = Object.entries(others).filter(([, text]) => text !== undefined && text !== 'none').map(([aspect, text]) => `${aspect}: ${text}`);
  return [`${describeMatch(match)} → ${answer ?? goesTo}`, ...stated].join('; ');
}

function mirrorsOf({ route }: Route): { readonly cluster: string; readonly share: string }[] {
  return (route?.requestMirrorPolicies ?? []).map((m: Json) => ({ cluster: m.cluster, share: fractionalPercent(m.runtimeFraction?.defaultValue) }));
}

/** The node of a destination: a service, one of its subsets, or what the proxy does not have. */
export function nodeOfCluster(draft: GraphDraft, cluster: string, traffic: ProxyTraffic, nodeOf: NodeOfHost): string {
  const destination = destinationOf(cluster);
  if (cluster === 'PassthroughCluster' || cluster === 'BlackHoleCluster') return draft.node(cluster, 'external', describeDestination(destination), '').id;
  if (!traffic.hasCluster(cluster)) return draft.node(`missing ${cluster}`, 'missing', `${describeDestination(destination)}: not there, 503`, '').id;
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
