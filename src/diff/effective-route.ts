import type { RouteTerm } from './route-term';
import { routeTermOf } from './route-term';
import type { RouteTreatment } from './route-treatment';
import { treatmentOf } from './route-treatment';
import type { Route } from '../envoy/xds/route';

/** A route: the requests that it takes, and what it does with them. */
export interface EffectiveRoute {
  readonly name: string;
  readonly match: RouteTerm;
  readonly treatment: RouteTreatment;
}

export function readRoutes(routes: readonly Route[], has: (cluster: string) => boolean): EffectiveRoute[] {
  return routes.map(route => ({ name: route.name ?? '', match: routeTermOf(route), treatment: treatmentOf(route, has) }));
}
