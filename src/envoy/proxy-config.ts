import type { LocalityPreference } from './clusters/locality-load-balancer';
import type { Note } from './note';
import type { Cluster } from './xds/cluster';
import type { Listener } from './xds/listener';
import type { Route, RouteConfiguration } from './xds/route';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import type { FieldPath } from '../manifest/provenance';

/**
 * The part of an object from which a route of Envoy is made: an entry of a VirtualService, or a rule of a route of the Gateway API, with
 * the match if it has several. A service's default route has none.
 */
export interface RouteOrigin {
  readonly object: KubernetesObject;
  readonly path: FieldPath;
}

/** The configuration that istiod would send to one proxy. */
export interface ProxyConfig {
  readonly routes: RouteConfiguration[];
  readonly clusters: Cluster[];
  readonly listeners: Listener[];
  /** The endpoints of each EDS cluster, as `address:port`. */
  readonly endpoints: { readonly [cluster: string]: string[] };
  /** The labels of each EDS cluster of a subset. */
  readonly subsetLabels: { readonly [cluster: string]: Labels };
  /** What decides among the localities of a cluster; without an entry, nothing does. */
  readonly localities: { readonly [cluster: string]: LocalityPreference };
  readonly notes: readonly Note[];
  readonly origins: ReadonlyMap<Route, RouteOrigin>;
}

/** The configuration that istiod would send to one sidecar for the connections to its pod. */
export interface InboundConfig {
  /** `virtualInbound`, then the listeners of ports that connections reach without a redirection. */
  readonly listeners: readonly Listener[];
  /** One cluster for each port of the pod, then the one of all other ports. */
  readonly clusters: readonly Cluster[];
  readonly notes: readonly Note[];
}
