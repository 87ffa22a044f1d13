import type { RoutePlan } from './route-plan';
import type { CompiledRoute, FoundHost, RouteTable } from './route-table';
import type { CallerEdge } from '../edge/caller-edge';
import type { RouteOrigin } from '../envoy/proxy-config';
import type { FilterChain, Listener } from '../envoy/xds/listener';
import type { Route } from '../envoy/xds/route';

/** Where in the proxy's configuration a request ended up. */
export interface Place {
  readonly proxy: string;
  readonly listener?: Listener;
  /** The filter chain; undefined where none takes the connection. */
  readonly chain?: FilterChain;
  /** The route configuration; undefined where Envoy sees bytes alone. */
  readonly table?: RouteTable;
  readonly found?: FoundHost;
  readonly taken?: CompiledRoute;
  readonly plan?: RoutePlan;
  readonly originOf: (route: Route) => RouteOrigin | undefined;
  /** What of the mesh is not read and reaches the caller; undefined where nothing is known of that. */
  readonly unread?: CallerEdge;
}

/** A route that did not take the request, and why. */
export interface PassedOver {
  /** The route. */
  readonly route: CompiledRoute;
  /** The object and rule that it is made from; undefined for a route that Istio adds. */
  readonly origin?: RouteOrigin;
  /** Why it did not take the request, in words. */
  readonly why: string;
}
