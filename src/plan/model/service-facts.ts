import type { ServicePort } from '../../traffic/service-port';

/** The facts about a service from its owner. */
export interface ServiceFacts {
  readonly host: string;
  /** The name of its objects. */
  readonly name: string;
  /** The name of its VirtualService, if it differs. */
  readonly virtualServiceName?: string;
  /** The name of its DestinationRule, if it differs. */
  readonly destinationRuleName?: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly replicas?: number;
  /** Whether it is a Service of the cluster, for which callers may use short names. */
  readonly inCluster?: boolean;
  /** Its addresses, if it is not a Service of the cluster. */
  readonly addresses?: readonly string[];
  /** Why its requests cannot be routed; undefined if they can. */
  readonly unroutable?: string;
  /** Why a load balancer does not apply; undefined if it does. */
  readonly unbalanced?: string;
  /** Why outlier detection does not apply; undefined if it does. */
  readonly unejectable?: string;
  /** Why labels cannot rank its endpoints; undefined if they can. */
  readonly unranked?: string;
  /** Set if Envoy looks up the host of each request: whether calls use the mutual TLS of the mesh. */
  readonly lookups?: { readonly usesMeshTls: boolean };
  /** Whether requests in the mesh that no stated route takes go to the service; undefined means yes. */
  readonly defaultRoute?: boolean;
  /** Whether routes have a condition on the only HTTP port; undefined means yes, unless it is 80. */
  readonly portConditions?: boolean;
  /** Whether destinations that are the service itself name its port; undefined means yes. */
  readonly destinationPorts?: boolean;
  /** The namespaces to which its objects are exported; undefined means all. */
  readonly exportTo?: readonly string[];
}
