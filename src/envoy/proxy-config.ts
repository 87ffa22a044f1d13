import type { Note } from './note';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A value in Envoy's own JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** A resource in Envoy's own JSON; fields are as Envoy's API documents them. */
export interface Resource {
  name: string;
  [field: string]: Json;
}

/** `envoy.config.route.v3.Route`. */
export interface Route {
  name?: string;
  match: Json;
  route?: Json;
  redirect?: Json;
  directResponse?: Json;
  typedPerFilterConfig?: { [filter: string]: Json };
  [field: string]: Json;
}

/** `envoy.config.route.v3.VirtualHost`. */
export interface VirtualHost {
  name: string;
  domains: string[];
  routes?: Route[];
  requireTls?: string;
  includeRequestAttemptCount?: boolean;
  [field: string]: Json;
}

/** `envoy.config.route.v3.RouteConfiguration`. */
export interface RouteConfiguration extends Resource {
  virtualHosts?: VirtualHost[];
}

/** `envoy.config.cluster.v3.Cluster`. */
export type Cluster = Resource;

/** `envoy.config.listener.v3.Listener`. */
export type Listener = Resource;

/** Which rule of which object a route of Envoy comes from; a service's default route has none. */
export interface Origin {
  readonly object: KubernetesObject;
  /** The place in `spec.http`. */
  readonly rule: number;
  /** The place in the rule's `match`; undefined where it has none. */
  readonly match?: number;
}

/** What istiod would send one proxy. */
export interface ProxyConfig {
  readonly routes: RouteConfiguration[];
  readonly clusters: Cluster[];
  readonly listeners: Listener[];
  /** The endpoints of each cluster that gets them from istiod, as `address:port`. */
  readonly endpoints: { readonly [cluster: string]: string[] };
  readonly notes: readonly Note[];
  readonly origins: ReadonlyMap<Route, Origin>;
}
