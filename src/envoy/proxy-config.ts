import type { Note } from './note';
import type { Cluster } from './xds/cluster';
import type { Listener } from './xds/listener';
import type { Route, RouteConfiguration } from './xds/route';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** The rule of an object that a route of Envoy is made from; a service's default route has none. */
export interface RouteOrigin {
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
  readonly origins: ReadonlyMap<Route, RouteOrigin>;
}
