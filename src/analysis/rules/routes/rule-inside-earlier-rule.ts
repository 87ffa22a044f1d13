import { gatewaysOf } from '../../facts/gateways';
import { repeatedMatches, unreachableRoutes } from '../../facts/route-order';
import type { VirtualService } from '../../facts/virtual-services';
import { fullHostsOf, isForMesh, MESH, entryName } from '../../facts/virtual-services';
import type { PlacedTerm } from '../../placed-terms';
import { EarlierTerms, placedTerms } from '../../placed-terms';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The only port at which anyone meets a VirtualService's routes, if there is just one. */
function onlyPort(object: VirtualService, index: TrafficIndex): number | undefined {
  const ports = new Set<number | undefined>();
  for (const { gateway } of gatewaysOf(object, index)) {
    if (!gateway) return undefined;
    for (const { port } of gateway.spec?.servers ?? []) ports.add(port?.number);
  }
  for (const host of isForMesh(object) ? fullHostsOf(object, index) : []) {
    const hosts = index.registry.named(host);
    if (hosts.length === 0) return undefined;
    for (const { number } of hosts.flatMap(({ ports: own }) => own)) ports.add(number);
  }
  return ports.size === 1 ? [...ports][0] : undefined;
}

/** Whether a match is for the same proxies as another one, or for fewer, by the Gateways that both name. */
function isForFewer(inner: PlacedTerm, outer: PlacedTerm): boolean {
  const { gateways: names = [] } = outer.match;
  if (names.length === 0) return true;
  const [own = [], stated = []] = [inner.match.gateways, inner.object.spec?.gateways];
  return (own.length > 0 ? own : stated.length > 0 ? stated : [MESH]).every(name => names.includes(name));
}

/** The terms of a route, and the earlier term that each lies inside of. */
interface Covered {
  readonly own: readonly PlacedTerm[];
  readonly over: readonly (PlacedTerm | undefined)[];
}

/** The routes of which some term lies inside an earlier one. */
function coveredRoutes(object: VirtualService, index: TrafficIndex): Covered[] {
  const placed = placedTerms(object, index);
  if (placed.length < 2) return [];
  // A port that everybody meets says nothing.
  const port = placed.some(({ term }) => term.port !== undefined) ? onlyPort(object, index) : undefined;
  const terms = port === undefined ? placed : placed.map(one => (one.term.port === port
    ? { ...one, term: { ...one.term, port: undefined } }
    : one));
  const earlier = new EarlierTerms<PlacedTerm>();
  const covered: Covered[] = [];
  for (let start = 0, end = 0; start < terms.length; start = end) {
    while (end < terms.length && terms[end].place === terms[start].place) end++;
    const own = terms.slice(start, end);
    const over = own.map(one => earlier.over(one, other => isForFewer(one, other)));
    if (over.some(before => before !== undefined)) covered.push({ own, over });
    // A delegate may take less than the route that leads to it.
    if (!own[0].route.delegate) own.forEach(one => earlier.add(one));
  }
  return covered;
}

export const rule = defineRule({
  id: 'rule-inside-earlier-rule',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'An entry, or one of its matches, is inside what an earlier entry takes',
  effect: 'Envoy takes the first route that matches. That is never this one. Istio does not even send the routes after one that takes '
    + 'everything.',
  check(object, report, index) {
    const covered = coveredRoutes(object, index);
    if (covered.length === 0) return;
    // What other rules report is not reported again.
    const reported = new Set([...unreachableRoutes(object, index),
      ...repeatedMatches(object, index)].filter(({ block }) => block === 'http').map(({ path }) => path));
    const tell = (path: string, { route, place }: PlacedTerm) => {
      const before = entryName(route, place);
      report(path, `entry ${before} before it takes every request that could match here, so nothing is left for it`,
        `move it before entry ${before}, or remove it`);
    };
    for (const { own, over } of covered) {
      const path = `spec.http[${own[0].place}]`;
      if (reported.has(path)) continue;
      if (over.every(before => before !== undefined)) {
        if (!own.every(one => reported.has(one.path))) tell(path, over[0]!);
      } else {
        own.forEach((one, m) => {
          const before = over[m];
          if (before && !reported.has(one.path)) tell(one.path, before);
        });
      }
    }
  },
});
