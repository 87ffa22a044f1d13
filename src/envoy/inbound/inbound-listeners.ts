import type { ApplicationPort } from './application-port';
import { chainOptions } from './chain-options';
import type { ChainOption } from './chain-options';
import { INBOUND_PASSTHROUGH, inboundClusterName } from './inbound-clusters';
import { inboundTls } from './inbound-tls';
import { portInspectors } from './port-inspectors';
import { inboundConnectionManager } from '../listeners/http-connection-manager';
import type { ListenerSettings } from '../listeners/listener';
import { socketAddress, WILDCARD } from '../listeners/listener';
import { tcpProxy, withProtocol } from '../listeners/tcp-proxy';
import type { MeshConfig } from '../mesh-config';
import { configMetadata, message } from '../message';
import type { AcceptedTls } from '../peer-authentications';
import { isHttp2 } from '../protocol';
import type { AccessLog } from '../xds/access-log';
import type { FilterChain, Listener, NetworkFilter } from '../xds/listener';
import type { Route, RouteConfiguration } from '../xds/route';

/** The port to which iptables redirects inbound connections. */
const INBOUND = 15006;

/** What the inbound listeners of a sidecar are made of. */
export interface InboundSettings extends Pick<ListenerSettings, 'proxyConfig' | 'pathNormalization' | 'access' | 'accessLog'> {
  readonly meshConfig: MeshConfig;
  readonly accepted: AcceptedTls;
  readonly ports: readonly ApplicationPort[];
  /** The log of connections that no filter chain takes. */
  readonly listenerLog: readonly AccessLog[];
  /**
   * The name of the Sidecar whose ingress listeners are the ports, and the namespace of the proxy; undefined if the ports are those of
   * Services.
   */
  readonly sidecar?: { readonly name: string; readonly namespace: string };
}

/** Where a chain's connections go, and how it is named. */
interface ChainTarget {
  readonly port: ApplicationPort;
  readonly cluster: string;
  readonly names: { readonly http: string; readonly tcp: string };
}

/** The inbound listeners of a sidecar: `virtualInbound`, and one for each port that connections reach without a redirection. */
export function inboundListeners(inbound: InboundSettings): Listener[] {
  const { ports, listenerLog } = inbound;
  const redirected = ports.filter(({ bindsToPort }) => !bindsToPort);
  const chains = [blackhole(), ...passthroughChains(inbound), ...redirected.flatMap(port => portChains(port, inbound))];
  const own = ports.filter(({ bindsToPort }) => bindsToPort)
    .map(port => listener(nameOf(port), port.bind ?? WILDCARD, port.target, portChains(port, inbound), true));
  return [listener('virtualInbound', WILDCARD, INBOUND, chains, false), ...own].map(each => message<Listener>({ ...each, accessLog: listenerLog }));
}

function listener(name: string, bind: string, port: number, filterChains: readonly FilterChain[], bindsToPort: boolean): Listener {
  return message<Listener>({
    name,
    address: socketAddress(bind, port),
    filterChains,
    listenerFilters: portInspectors(filterChains, bindsToPort),
    continueOnListenerFiltersTimeout: true,
    listenerFiltersTimeout: '0s',
    trafficDirection: 'INBOUND',
  });
}

function nameOf({ bind = WILDCARD, target }: ApplicationPort): string {
  return `${bind}_${target}`;
}

/** The chain that drops connections to the listener's own port. */
function blackhole(): FilterChain {
  return { name: 'virtualInbound-blackhole', filterChainMatch: { destinationPort: INBOUND }, filters: [tcpProxy('BlackHoleCluster', [])] };
}

/** The chains of ports that no service has: of all, and of those for which a PeerAuthentication states a mode. */
function passthroughChains(inbound: InboundSettings): FilterChain[] {
  const { accepted: { mode, byPort }, ports } = inbound;
  const known = new Set(ports.map(({ target }) => target));
  const others = [...byPort].filter(([port]) => !known.has(port));
  return [[0, mode] as const, ...others].flatMap(([target, accepted]) => {
    const to: ChainTarget = {
      port: { target, number: 0, protocol: 'Unsupported' },
      cluster: INBOUND_PASSTHROUGH,
      names: { http: 'virtualInbound-catchall-http', tcp: 'virtualInbound' },
    };
    return chainOptions('Unsupported', accepted).map(option => chain(option, to, inbound));
  });
}

function portChains(port: ApplicationPort, inbound: InboundSettings): FilterChain[] {
  const { accepted: { mode, byPort }, sidecar } = inbound;
  const to: ChainTarget = { port, cluster: inboundClusterName(port.target), names: { http: nameOf(port), tcp: nameOf(port) } };
  const metadata = sidecar && configMetadata('networking.istio.io/v1', 'sidecar', sidecar.namespace, sidecar.name);
  return chainOptions(port.protocol, byPort.get(port.target) ?? mode)
    .map(option => message<FilterChain>({ ...chain(option, to, inbound), metadata }));
}

function chain(option: ChainOption, to: ChainTarget, inbound: InboundSettings): FilterChain {
  const { transportProtocol, applicationProtocols, endsTls } = option;
  return message<FilterChain>({
    name: option.isHttp ? to.names.http : to.names.tcp,
    filterChainMatch: message({ destinationPort: to.port.target || undefined, transportProtocol, applicationProtocols }),
    filters: option.isHttp ? [requestFilter(to, inbound)] : connectionFilters(to, inbound),
    transportSocket: endsTls ? inboundTls(inbound.meshConfig, option.isHttp) : undefined,
  });
}

function requestFilter(to: ChainTarget, { proxyConfig, pathNormalization, access, accessLog }: InboundSettings): NetworkFilter {
  const statPrefix = to.cluster === INBOUND_PASSTHROUGH ? `${INBOUND_PASSTHROUGH};` : `inbound_${to.names.http};`;
  const options = { routeConfig: routesTo(to), statPrefix, accessLog, proxyConfig, pathNormalization, accessFilters: access.http };
  return inboundConnectionManager(options, isHttp2(to.port.protocol));
}

function routesTo({ port, cluster }: ChainTarget): RouteConfiguration {
  const isGrpc = port.protocol === 'GRPC' || port.protocol === 'GRPC-Web';
  const route: Route = {
    name: 'default',
    match: { prefix: '/' },
    route: message<NonNullable<Route['route']>>({
      cluster,
      timeout: '0s',
      maxStreamDuration: { maxStreamDuration: '0s', grpcTimeoutHeaderMax: '0s' },
      retryPolicy: isGrpc ? undefined : { retryOn: 'reset-before-request', numRetries: 2 },
    }),
  };
  return {
    name: cluster,
    virtualHosts: [{ name: `inbound|http|${port.number}`, domains: ['*'], routes: [route] }],
    validateClusters: false,
  };
}

function connectionFilters({ port, cluster }: ChainTarget, { access, accessLog }: InboundSettings): NetworkFilter[] {
  return [...access.network, ...withProtocol(tcpProxy(cluster, accessLog), cluster, port.protocol)];
}
