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
 * A service as a target. If the App also owns the objects of its host, it is an IOwnedService.
 */
export interface ITrafficService extends IConstruct, ITrafficTarget {}

/**
 * A service whose DestinationRule and VirtualService this App owns, so that it takes routes and policies: a MeshService, an
 * ExternalDependency with one host, or, for policies of its Service, an EgressGateway. `MeshService.fromName()` returns a target only.
 */
export interface IOwnedService extends ITrafficService {
  /** The namespace of the objects. */
  readonly namespace: string;
}
