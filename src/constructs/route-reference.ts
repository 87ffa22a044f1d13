import type { RouteStatement } from '../plan/statements';

const statements = new WeakMap<object, RouteStatement>();

/**
 * A route of a service: a `TrafficRoute`, or the service's `defaultRoute`.
 */
export interface ITrafficRoute {
  /** Istio's name of the route, as access logs show it. */
  readonly routeName: string;
}

/** Ties a public route to what the plan knows of it. */
export function registerRoute(route: ITrafficRoute, statement: RouteStatement): void {
  statements.set(route, statement);
}

export function statementOf(route: ITrafficRoute): RouteStatement | undefined {
  return statements.get(route);
}
