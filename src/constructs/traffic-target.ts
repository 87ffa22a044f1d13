import type { IConstruct } from 'constructs';

/**
 * Something requests can be sent to: a service or one of its subsets.
 */
export interface ITrafficTarget {
  /** The fully qualified host, such as `catalog.shop.svc.cluster.local`. */
  readonly host: string;
  /**
   * The subset of the service.
   * @default - the whole service
   */
  readonly subsetName?: string;
  /** The HTTP ports of the service, of which a destination names one. */
  readonly httpPorts: number[];
  /** The ports of the service where Envoy sees connections and no requests (TCP, TLS, HTTPS), of which a destination of those names one. */
  readonly connectionPorts: number[];
}

/**
 * A service that traffic goes to. Policies can be stated for those that this App describes: `MeshService` and `ExternalDependency`.
 */
export interface ITrafficService extends IConstruct, ITrafficTarget {}
