import { CONNECT_ORIGINATE, CONNECT_TERMINATE, MAIN_INTERNAL } from './internal-names';
import { TUNNEL_PORT } from './tunnel-clusters';
import { tunnelTls } from './tunnel-tls';
import { ORIGINAL_DESTINATION } from '../inbound/port-inspectors';
import { socketAddress, WILDCARD } from '../listeners/listener';
import { tcpProxy } from '../listeners/tcp-proxy';
import type { MeshConfig } from '../mesh-config';
import { message, typed } from '../message';
import type { AccessLog } from '../xds/access-log';
import type { HttpConnectionManager } from '../xds/http-connection-manager';
import type { Router } from '../xds/http-filters';
import type { Listener, NetworkFilter } from '../xds/listener';
import type { RouteConfiguration } from '../xds/route';
import type { DownstreamTlsContext } from '../xds/transport-sockets';

const TUNNELED: RouteConfiguration = {
  name: 'default',
  virtualHosts: [{
    name: 'default',
    domains: ['*'],
    routes: [{
      match: { connectMatcher: {} },
      route: { upgradeConfigs: [{ upgradeType: 'CONNECT', connectConfig: {} }], cluster: MAIN_INTERNAL },
    }],
  }],
};

/** The listener on which a waypoint takes tunnels of any workload of the mesh. */
export function connectTerminate(mesh: MeshConfig, listenerLog: readonly AccessLog[], accessLog: readonly AccessLog[]): Listener {
  return message<Listener>({
    name: CONNECT_TERMINATE,
    address: socketAddress(WILDCARD, TUNNEL_PORT),
    filterChains: [{
      name: 'default',
      filters: [tunnelManager(accessLog)],
      transportSocket: {
        name: 'tls',
        typedConfig: typed<DownstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
          commonTlsContext: tunnelTls(mesh), requireClientCertificate: true,
        }),
      },
    }],
    connectionBalanceConfig: { exactBalance: {} },
    accessLog: listenerLog,
  });
}

function tunnelManager(accessLog: readonly AccessLog[]): NetworkFilter {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typedConfig: typed<HttpConnectionManager>('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      statPrefix: CONNECT_TERMINATE,
      routeConfig: TUNNELED,
      accessLog,
      httpFilters: [{
        name: 'envoy.filters.http.router', typedConfig: typed<Router>('envoy.extensions.filters.http.router.v3.Router', {}),
      }],
      forwardClientCertDetails: 'APPEND_FORWARD',
      setCurrentClientCertDetails: { subject: true, dns: true, uri: true },
      serverName: 'istio-envoy',
      useRemoteAddress: false,
      streamIdleTimeout: '0s',
      upgradeConfigs: [{ upgradeType: 'CONNECT' }],
      http2ProtocolOptions: { allowConnect: true, maxConcurrentStreams: 100, connectionKeepalive: { interval: '10s', timeout: '20s' } },
    }),
  };
}

/** The listener that opens a tunnel to the pod of a connection. */
export function connectOriginate(listenerLog: readonly AccessLog[], accessLog: readonly AccessLog[]): Listener {
  return message<Listener>({
    name: CONNECT_ORIGINATE,
    internalListener: {},
    useOriginalDst: false,
    listenerFilters: [ORIGINAL_DESTINATION],
    filterChains: [{ filters: [tcpProxy(CONNECT_ORIGINATE, accessLog, { tunnelingConfig: { hostname: '%DOWNSTREAM_LOCAL_ADDRESS%' } })] }],
    accessLog: listenerLog,
  });
}
