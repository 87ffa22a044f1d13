import type { IConstruct } from 'constructs';

/**
 * A target of requests: a service or one of its subsets.
 */
export interface ITrafficTarget {
  /** The fully qualified host, such as `catalog.shop.svc.cluster.local`. */
  readonly host: string;
  /**
   * The subset of the service.
   * @default - the whole service
   */
  readonly subsetName?: string;
  /** The HTTP ports of the service. A destination has one of them. */
  readonly httpPorts: number[];
  /**
   * The TCP, TLS and HTTPS ports of the service, where Envoy sees connections but no requests. A destination of connections has one of
   * them.
   */
  readonly connectionPorts: number[];
}

/**
 * A target service. Policies apply to services of this App: `MeshService` and `ExternalDependency`.
 */
export interface ITrafficService extends IConstruct, ITrafficTarget {}
