import { ENCAP } from './internal-names';
import { DIRECT_HTTP, DIRECT_TCP } from './main-internal';
import type { VipProtocol } from './waypoint-destinations';
import { vipClusterName } from './waypoint-destinations';
import type { WaypointRoutes } from './waypoint-routes';
import { defaultRoutes } from './waypoint-routes';
import { connectionRoutes } from './waypoint-virtual-services';
import type { RouteDestination } from '../../manifest/istio-specs.generated';
import { waypointConnectionManager } from '../listeners/http-connection-manager';
import type { ListenerSettings } from '../listeners/listener';
import { policyFields, tcpProxy, withProtocol } from '../listeners/tcp-proxy';
import type { Protocol } from '../protocol';
import { isHttp2 } from '../protocol';
import type { Service, ServicePort } from '../service';
import type { FilterChain, NetworkFilter } from '../xds/listener';
import type { TcpProxy } from '../xds/network-filters';
import type { RouteConfiguration } from '../xds/route';

/** What the filter chains of a waypoint are made of: the settings of a service, which its Telemetry and its policies decide. */
export interface WaypointChains {
  readonly settings: (service?: Service) => Omit<ListenerSettings, 'names'>;
  readonly routes: WaypointRoutes;
}

/** The chain for a port of a service. */
export function serviceChain(service: Service, port: ServicePort, protocol: VipProtocol, chains: WaypointChains): FilterChain {
  const name = vipClusterName(service.host, port.number, protocol);
  const settings = chains.settings(service);
  const filters = protocol === 'http'
    ? [requestFilter(chains.routes.configuration(name, service, port.number), port.protocol, port.number, settings)]
    : connectionFilters(name, service, port, settings, chains.routes);
  return { name, filters };
}

/** The chains for addresses of pods. No route, no policy and no DestinationRule of a service applies to them. */
export function directChains({ settings: of, routes }: WaypointChains): FilterChain[] {
  const settings = of();
  return [
    { name: DIRECT_TCP, filters: [...settings.access.network, tcpProxy(ENCAP, settings.accessLog)] },
    { name: DIRECT_HTTP, filters: [requestFilter(defaultRoutes(ENCAP, 0, [routes.defaultRoute(ENCAP, ':0/*')]), 'TCP', 0, settings)] },
  ];
}

function requestFilter(
  routeConfig: RouteConfiguration, protocol: Protocol, port: number, settings: Omit<ListenerSettings, 'names'>,
): NetworkFilter {
  const { accessLog, proxyConfig, pathNormalization, tracing, access } = settings;
  return waypointConnectionManager({
    routeConfig, statPrefix: `inbound_0.0.0.0_${port};`, accessLog, proxyConfig, pathNormalization, tracing, accessFilters: access.http,
  }, isHttp2(protocol));
}

function connectionFilters(
  name: string, service: Service, { number, protocol }: ServicePort, { scope, accessLog, access }: Omit<ListenerSettings, 'names'>,
  routes: WaypointRoutes,
): NetworkFilter[] {
  const destinations = connectionRoutes(routes.of(service), service, number);
  const to = targetOf(name, destinations, routes, number);
  const first = destinations[0]?.destination;
  const rule = scope.destinationRule(first?.host ?? service.host);
  const subset = destinations.length === 1 ? first?.subset ?? '' : '';
  const proxy = tcpProxy(name, accessLog, { ...to, ...policyFields(rule, subset) });
  return [...access.network, ...withProtocol(proxy, name, protocol)];
}

function targetOf(
  name: string, destinations: readonly RouteDestination[], routes: WaypointRoutes, port: number,
): Pick<TcpProxy, 'cluster' | 'weightedClusters'> {
  if (destinations.length === 0) return { cluster: name };
  if (destinations.length === 1) return { cluster: routes.clusterOf(destinations[0].destination, port) };
  const clusters = destinations.filter(({ weight }) => weight).map(({ destination, weight = 0 }) => (
    { name: routes.clusterOf(destination, port), weight }));
  return { cluster: undefined, weightedClusters: { clusters } };
}
