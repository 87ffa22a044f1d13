import type { ServedServices } from './served-services';
import { waypointCluster } from './waypoint-destinations';
import { routingAt } from './waypoint-virtual-services';
import type { Destination } from '../../manifest/istio-specs.generated';
import type { DestinationRule } from '../destination-rules';
import type { Mesh } from '../mesh';
import { message } from '../message';
import type { ProxyScope } from '../proxy-scope';
import { domainName } from '../routes/domains';
import { hashPolicy } from '../routes/hash-policy';
import { retryPolicy } from '../routes/retry-policy';
import type { RouteContext } from '../routes/route-context';
import { routesOf } from '../routes/virtual-service-routes';
import type { Service } from '../service';
import type { VirtualService } from '../virtual-service';
import type { Route, RouteAction, RouteConfiguration } from '../xds/route';

/** Makes the routes of a waypoint, which are parts of its listener. */
export class WaypointRoutes {
  private readonly known = new Map<Service, readonly VirtualService[]>();

  constructor(
    private readonly scope: ProxyScope, private readonly mesh: Mesh, private readonly served: ServedServices,
    private readonly context: Omit<RouteContext, 'port' | 'service' | 'clusterOf'>,
  ) {}

  /** The VirtualServices that route a service here, in their order. */
  public of(service: Service): readonly VirtualService[] {
    let found = this.known.get(service);
    if (!found) this.known.set(service, found = routingAt(this.scope, service, this.mesh));
    return found;
  }

  public clusterOf(destination: Destination | undefined, port: number): string {
    return waypointCluster(destination, port, this.scope, this.served);
  }

  /**
   * The routes of a port: of all VirtualServices and routes of the Gateway API, one after the other, so that one that takes every request
   * hides those after it. The host of a request does not matter, as the address that it was sent to chose the service.
   */
  public configuration(cluster: string, service: Service, port: number): RouteConfiguration {
    const context: RouteContext = {
      ...this.context,
      port,
      service: this.scope.service,
      clusterOf: (to, listenPort) => this.clusterOf(to, listenPort),
      dropsSourceLabels: true,
    };
    const routes = this.of(service).flatMap(vs => routesOf(vs, context));
    if (routes.length > 0) return { name: cluster, virtualHosts: [virtualHost(port, routes)], validateClusters: false };
    return defaultRoutes(cluster, port, [this.defaultRoute(cluster, `${domainName(service.host, port)}/*`, this.ownRule(service))]);
  }

  /** The route of a service that nothing routes. A policy of the whole host chooses the pod of a session here, one of a port does not. */
  public defaultRoute(cluster: string, operation: string, rule?: DestinationRule): Route {
    const { meshConfig: { defaultHttpRetryPolicy }, retries } = this.context;
    const hash = hashPolicy(rule?.trafficPolicy?.loadBalancer?.consistentHash);
    return {
      name: 'default',
      match: { prefix: '/' },
      route: message<RouteAction>({
        cluster,
        timeout: '0s',
        maxGrpcTimeout: '0s',
        retryPolicy: retryPolicy(defaultHttpRetryPolicy, false, retries),
        hashPolicy: hash && [hash],
      }),
      decorator: { operation },
    };
  }

  /** The DestinationRule of a service for all pods of the waypoint's namespace. */
  private ownRule(service: Service): DestinationRule | undefined {
    return ruleForAll(this.scope, service, this.mesh);
  }
}

/** The DestinationRule that shapes what a waypoint serves: of those without a workloadSelector, as the waypoint's namespace sees them. */
export function ruleForAll(
  { proxy, service: seen }: ProxyScope, { host }: Service, { destinationRules }: Mesh,
): DestinationRule | undefined {
  const service = seen(host);
  const rule = service && destinationRules.of({ ...proxy, labels: {} }, service);
  return rule?.selector === undefined ? rule : undefined;
}

export function defaultRoutes(name: string, port: number, routes: readonly Route[]): RouteConfiguration {
  return { name, virtualHosts: [virtualHost(port, routes)], validateClusters: false, maxDirectResponseBodySizeBytes: 1048576 };
}

function virtualHost(port: number, routes: readonly Route[]) {
  return { name: `inbound|http|${port}`, domains: ['*'], routes };
}
