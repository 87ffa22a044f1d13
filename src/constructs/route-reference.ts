import type { IConstruct } from 'constructs';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { RouteStatement } from '../plan/model/statements';
import { fail } from '../traffic/problem';

/**
 * A route of a service: a `TrafficRoute`, or the `defaultRoute` of the service.
 */
export interface ITrafficRoute {
  /** The name of the route in Istio, as in access logs. */
  readonly routeName: string;
}

/** The statement of a route, which must belong to the service of the plan. */
export function routeOf(at: IConstruct, plan: ServicePlan, route: ITrafficRoute | undefined): RouteStatement | undefined {
  if (route === undefined) return undefined;
  const statement = (route as { readonly _statement?: RouteStatement })._statement;
  if (!statement || !plan.knows(statement)) {
    fail(at, `the route '${route.routeName}' is not one of '${plan.facts.host}'; use a route of that service`);
  }
  return statement;
}
