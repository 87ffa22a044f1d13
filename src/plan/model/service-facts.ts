import type { ServicePort } from '../../traffic/service-port';

/** What a service's owner knows of it. */
export interface ServiceFacts {
  readonly host: string;
  /** The name of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly replicas?: number;
  /** Whether it is a Service of the cluster, which callers may call by shorter names. */
  readonly inCluster?: boolean;
  /** Its addresses, where it is none. */
  readonly addresses?: readonly string[];
  /** Why its requests cannot be routed, where they cannot. */
  readonly unroutable?: string;
  /** Why its endpoints are not balanced, where they are not. */
  readonly unbalanced?: string;
  /** Why no endpoint of it can be ejected, where none can. */
  readonly unejectable?: string;
  /** Why no labels can rank its endpoints, where they cannot. */
  readonly unranked?: string;
  /** The namespaces that its objects are for; undefined means all. */
  readonly exportTo?: readonly string[];
}
