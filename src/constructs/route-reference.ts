import type { RouteStatement } from '../plan/statements';

/**
 * A route of a service: a `TrafficRoute`, or the service's `defaultRoute`.
 */
export interface ITrafficRoute {
  /** Istio's name of the route, as access logs show it. */
  readonly routeName: string;
}

/** What the plan knows of a public route; undefined for one that is not ours. */
export function statementOf(route: ITrafficRoute): RouteStatement | undefined {
  return (route as { readonly _statement?: RouteStatement })._statement;
}
