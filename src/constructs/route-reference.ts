import type { IConstruct } from 'constructs';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { RouteStatement } from '../plan/model/statements';
import { fail } from '../traffic/problem';

/**
 * A route of a service: a `TrafficRoute`, or the service's `defaultRoute`.
 */
export interface ITrafficRoute {
  /** Istio's name of the route, as access logs show it. */
  readonly routeName: string;
}

/** What the plan knows of a route, which has to be one of its service. */
export function routeOf(at: IConstruct, plan: ServicePlan, route: ITrafficRoute | undefined): RouteStatement | undefined {
  if (route === undefined) return undefined;
  const statement = (route as { readonly _statement?: RouteStatement })._statement;
  if (!statement || !plan.knows(statement)) fail(at, `the route '${route.routeName}' is not one of '${plan.facts.host}'; pass a route of that service`);
  return statement;
}
