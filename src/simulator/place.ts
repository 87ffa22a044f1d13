import type { Redirection } from './redirect';
import type { Rejection } from './rejection';
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
  /** Why Envoy answers before it asks a route; undefined if it asks one. */
  readonly rejection?: Rejection;
  /** What the filter chain expects instead of the connection's first bytes; undefined if it takes them. */
  readonly mismatch?: 'TLS' | 'plaintext' | 'HTTP';
  /** The filter chain; undefined where none takes the connection. */
  readonly chain?: FilterChain;
  /** The route configuration; undefined where Envoy sees bytes alone. */
  readonly table?: RouteTable;
  readonly found?: FoundHost;
  readonly taken?: CompiledRoute;
  readonly plan?: RoutePlan;
  /** The redirect that the same request to another URL gets; undefined if it gets none. */
  readonly follow?: (url: string) => Redirection | undefined;
  readonly originOf: (route: Route) => RouteOrigin | undefined;
  /** What of the mesh is not read and reaches the caller; undefined where nothing is known of that. */
  readonly unread?: CallerEdge;
  /** Whether a cluster has automatic mutual TLS. */
  readonly hasAutomaticTls: (cluster: string) => boolean;
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
