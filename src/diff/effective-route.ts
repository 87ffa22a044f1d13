import type { RouteTerm } from './route-term';
import { areDisjoint, isWithin, routeTermOf } from './route-term';
import type { RouteTreatment } from './route-treatment';
import { treatmentOf } from './route-treatment';
import type { Route } from '../envoy/xds/route';

/** A route that requests reach. */
export interface EffectiveRoute {
  readonly name: string;
  readonly match: RouteTerm;
  readonly treatment: RouteTreatment;
}

/** How many routes of one host are compared with each other; of more, the order counts as it stands. */
const COMPARABLE = 600;

export function readRoutes(routes: readonly Route[], has: (cluster: string) => boolean): EffectiveRoute[] {
  return routes.map(route => ({ name: route.name ?? '', match: routeTermOf(route), treatment: treatmentOf(route, has) }));
}

/** Whether it matters which of two routes comes first. */
export function orderMatters(a: EffectiveRoute, b: EffectiveRoute): boolean {
  return a.treatment.key !== b.treatment.key && !areDisjoint(a.match, b.match);
}

/**
 * The routes that say what happens to requests, in an order that is the same for all lists that say the same: without those that an
 * earlier one covers, without those whose requests a later one treats alike, and sorted as far as the order is free.
 */
export function effectiveRoutes(routes: readonly EffectiveRoute[]): readonly EffectiveRoute[] {
  if (routes.length > COMPARABLE) return routes;
  return sorted(withoutRedundant(withoutUnreachable(routes)));
}

function withoutUnreachable(routes: readonly EffectiveRoute[]): EffectiveRoute[] {
  const reached: EffectiveRoute[] = [];
  for (const route of routes) if (!reached.some(earlier => isWithin(route.match, earlier.match))) reached.push(route);
  return reached;
}

function withoutRedundant(routes: readonly EffectiveRoute[]): EffectiveRoute[] {
  return routes.filter((route, i) => {
    for (let j = i + 1; j < routes.length; j++) {
      if (orderMatters(route, routes[j])) return true;
      if (route.treatment.key === routes[j].treatment.key && isWithin(route.match, routes[j].match)) return false;
    }
    return true;
  });
}

/** Of all orders that mean the same, the first by the text of the matches. */
function sorted(routes: readonly EffectiveRoute[]): EffectiveRoute[] {
  const left = routes.map((route, i) => ({ route, before: routes.slice(0, i).filter(earlier => orderMatters(earlier, route)).length }));
  const result: EffectiveRoute[] = [];
  while (left.length > 0) {
    const free = left.filter(({ before }) => before === 0);
    const next = free.reduce((a, b) => (b.route.match.key < a.route.match.key ? b : a));
    left.splice(left.indexOf(next), 1);
    for (const other of left) if (orderMatters(next.route, other.route)) other.before--;
    result.push(next.route);
  }
  return result;
}
