import type { AccessVerdict } from './access/verdict';
import type { Follow } from './redirect-loop';
import type { Rejection } from './rejection';
import type { Request } from './request';
import type { RoutePlan, Share } from './route-plan';
import type { CompiledRoute, FoundHost, RouteTable } from './route-table';
import type { CallerEdge } from '../edge/caller-edge';
import type { RouteOrigin } from '../envoy/proxy-config';
import type { FilterChain, Listener } from '../envoy/xds/listener';
import type { Route } from '../envoy/xds/route';

/** The part of the proxy's configuration that decides about a request. */
export interface Place {
  readonly proxy: string;
  readonly listener?: Listener;
  /** Why Envoy answers before it selects a route. Undefined if it selects one. */
  readonly rejection?: Rejection;
  /** What the filter chain expects instead of the connection's first bytes. Undefined if it accepts them. */
  readonly mismatch?: 'TLS' | 'plaintext' | 'HTTP';
  /** The filter chain. Undefined if none takes the connection. */
  readonly chain?: FilterChain;
  /** The route configuration. Undefined for TCP. */
  readonly table?: RouteTable;
  readonly found?: FoundHost;
  readonly taken?: CompiledRoute;
  /** A route that may match, depending on what only the connection tells; no earlier route matches. */
  readonly open?: CompiledRoute;
  readonly plan?: RoutePlan;
  /** The redirect of a request with the same headers. */
  readonly follow?: Follow;
  /** What the gateway's own filters decide about the caller. Undefined at a sidecar, and where nothing is known of the mesh. */
  readonly own?: AccessVerdict;
  /** What the pods of a destination decide about a request, or about bytes. Undefined if nothing is known of the mesh, or of the pods. */
  readonly takes?: (share: Share, request: Request | undefined) => AccessVerdict | undefined;
  readonly originOf: (route: Route) => RouteOrigin | undefined;
  /** What is not read and applies to the caller. Undefined if that is unknown. */
  readonly unread?: CallerEdge;
  /** Whether a cluster has automatic mutual TLS, and the caller uses it. */
  readonly hasAutomaticTls: (cluster: string) => boolean;
}

/** A route that did not match the request, and why. */
export interface PassedOver {
  /** The route. */
  readonly route: CompiledRoute;
  /** The object and entry that it comes from. Undefined for a route that Istio adds. */
  readonly origin?: RouteOrigin;
  /** Why it did not match, in words. */
  readonly why: string;
}
