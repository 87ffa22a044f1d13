import type { Change, ChangeKind, Move, Risk } from './change';
import { describeDestination } from './destination';
import type { EffectiveRoute } from './effective-route';
import { effectiveRoutes, orderMatters, readRoutes } from './effective-route';
import { isSame } from './is-same';
import { describeMatch } from './match-text';
import type { Host, ProxyTraffic } from './proxy-traffic';
import { isWithin } from './route-term';
import type { Aspect, RouteTreatment } from './route-treatment';

const NO_ROUTE = 'no route (404)';

/** The kinds of changes of a route's treatment, and how much they may hurt. */
const ASPECTS: { readonly [A in Aspect]: readonly [kind: ChangeKind, risk: Risk] } = {
  'goes to': ['shares', 'medium'],
  'answer': ['answer', 'high'],
  'mirror': ['mirror', 'medium'],
  'timeout': ['timeout', 'medium'],
  'retries': ['retries', 'medium'],
  'fault': ['fault', 'high'],
  'rewrite': ['rewrite', 'high'],
  'headers': ['headers', 'low'],
  'cors': ['cors', 'medium'],
  'hash policy': ['hash-policy', 'low'],
  'other': ['other', 'medium'],
};

/** What changes for the requests of one host that both know. Equal routes mean the same where both proxies have the same clusters. */
export function compareHosts(old: Host, now: Host, before: ProxyTraffic, after: ProxyTraffic, sameClusters: boolean): Change[] {
  const { host, port } = now;
  const names = compareNames(old, now);
  if (sameClusters && isSame(old.virtualHost.routes, now.virtualHost.routes)) return names;
  const oldRoutes = readRoutes(old.virtualHost.routes ?? [], cluster => before.hasCluster(cluster));
  const newRoutes = readRoutes(now.virtualHost.routes ?? [], cluster => after.hasCluster(cluster));
  if (signature(oldRoutes) === signature(newRoutes)) return names;
  const changes = compareRoutes(effectiveRoutes(oldRoutes), effectiveRoutes(newRoutes));
  return [...names, ...changes.map(change => ({ ...change, host, port }))];
}

type RouteChange = Omit<Change, 'host' | 'port'>;

function signature(routes: readonly EffectiveRoute[]): string {
  return routes.map(({ match, treatment }) => `${match.key} ${treatment.key}`).join('\n');
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

function compareRoutes(old: readonly EffectiveRoute[], now: readonly EffectiveRoute[]): RouteChange[] {
  if (signature(old) === signature(now)) return [];
  const oldByKey = new Map(old.map(route => [route.match.key, route]));
  const newByKey = new Map(now.map(route => [route.match.key, route]));
  return [
    ...now.flatMap(route => {
      const counterpart = oldByKey.get(route.match.key);
      return counterpart ? compareTreatments(route, counterpart.treatment) : added(route, old);
    }),
    ...old.filter(route => !newByKey.has(route.match.key)).flatMap(route => removed(route, now)),
    ...precedence(old.filter(route => newByKey.has(route.match.key)), now.filter(route => oldByKey.has(route.match.key))),
  ];
}

function compareTreatments({ name, match, treatment }: EffectiveRoute, old: RouteTreatment): RouteChange[] {
  if (treatment.key === old.key) return [];
  const aspects = (Object.keys(ASPECTS) as Aspect[]).filter(aspect => old.aspects[aspect] !== treatment.aspects[aspect]);
  // A route that begins or ends to answer by itself says so once, and not with each thing that forwarding has.
  const told = aspects.includes('answer') ? aspects.filter(aspect => aspect === 'answer' || aspect === 'headers' || aspect === 'other') : aspects;
  return told.map((aspect): RouteChange => {
    const [kind, risk] = ASPECTS[aspect];
    const moves = kind === 'shares' ? movesBetween(old, treatment) : undefined;
    const [before, after] = [old, treatment].map(t => t.aspects[aspect] ?? (aspect === 'answer' ? t.aspects['goes to'] : undefined) ?? 'none');
    const hurts = after.includes('503: the proxy has no such cluster') || (moves ?? []).some(m => Math.abs(m.after - m.before) >= 0.5);
    return { kind, risk: hurts ? 'high' : risk, requests: describeMatch(match), route: name, before, after, ...(moves ? { moves } : {}) };
  });
}

function movesBetween(old: RouteTreatment, now: RouteTreatment): Move[] {
  const moves = new Map<string, { destination: string; before: number; after: number }>();
  const move = (destination: string) => moves.get(destination) ?? moves.set(destination, { destination, before: 0, after: 0 }).get(destination)!;
  for (const share of old.shares) move(describeDestination(share.destination)).before += share.fraction;
  for (const share of now.shares) move(describeDestination(share.destination)).after += share.fraction;
  return [...moves.values()].filter(({ before, after }) => before !== after);
}

/** A treatment in words; in comparison with another one, without what both have, but with where requests go. */
function describeTreatment({ aspects }: RouteTreatment, other?: RouteTreatment): string {
  const { 'goes to': goesTo, answer, ...others } = aspects;
  const differs = (aspect: string, text: string | undefined) => (other ? other.aspects[aspect as Aspect] !== text : text !== 'none');
  const stated = Object.entries(others).filter(([aspect, text]) => text !== undefined && differs(aspect, text));
  return [answer ?? goesTo, ...stated.map(([aspect, text]) => `${aspect} ${text}`)].join('; ');
}

/** What happens to the requests of a route that a list does not have: the first route that takes all of them says it. */
function fateOf(route: EffectiveRoute, routes: readonly EffectiveRoute[]): EffectiveRoute | undefined {
  return routes.find(other => isWithin(route.match, other.match));
}

function added(route: EffectiveRoute, old: readonly EffectiveRoute[]): RouteChange[] {
  const fate = fateOf(route, old);
  if (fate?.treatment.key === route.treatment.key) return [];
  return [{
    kind: 'route-added',
    risk: 'medium',
    requests: describeMatch(route.match),
    route: route.name,
    before: fate ? describeTreatment(fate.treatment, route.treatment) : NO_ROUTE,
    after: describeTreatment(route.treatment, fate?.treatment),
  }];
}

function removed(route: EffectiveRoute, now: readonly EffectiveRoute[]): RouteChange[] {
  const fate = fateOf(route, now);
  if (fate?.treatment.key === route.treatment.key) return [];
  return [{
    kind: 'route-removed',
    risk: fate ? 'medium' : 'high',
    requests: describeMatch(route.match),
    route: route.name,
    before: describeTreatment(route.treatment, fate?.treatment),
    after: fate ? describeTreatment(fate.treatment, route.treatment) : NO_ROUTE,
  }];
}

/** Pairs of routes that both lists have, in another order that matters. */
function precedence(old: readonly EffectiveRoute[], now: readonly EffectiveRoute[]): RouteChange[] {
  const places = new Map(old.map((route, i) => [route.match.key, i]));
  const place = ({ match }: EffectiveRoute) => places.get(match.key)!;
  return now.flatMap((first, i) => now.slice(i + 1).filter(second => place(first) > place(second) && orderMatters(first, second))
    .map((second): RouteChange => ({
      kind: 'precedence',
      risk: 'high',
      requests: `${describeMatch(first.match)}, and also ${describeMatch(second.match)}`,
      route: first.name,
      before: describeTreatment(second.treatment, first.treatment),
      after: describeTreatment(first.treatment, second.treatment),
    })));
}
