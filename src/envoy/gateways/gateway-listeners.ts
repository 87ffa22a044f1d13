import type { GatewayServer } from './gateway-server';
import { passesThrough, readsRequests, routeName, serverNames } from './gateway-server';
import type { MergedGateways, MergedPort } from './merged-gateways';
import type { RouteDestination, TLSRoute } from '../../manifest/istio-specs.generated';
import type { WrittenConnectionMatch } from '../../manifest/written-match';
import { bufferLimit } from '../listeners/accepted-requests';
import type { ChainPlan } from '../listeners/filter-chain';
import { filterChain } from '../listeners/filter-chain';
import { gatewayConnectionManager } from '../listeners/http-connection-manager';
import type { ListenerSettings } from '../listeners/listener';
import { inspectors, socketAddress, WILDCARD } from '../listeners/listener';
import { routeFilters } from '../listeners/tcp-proxy';
import { isForListener } from '../match-place';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { Note } from '../note';
import { isHttp } from '../protocol';
import type { VirtualService } from '../virtual-service';
import type { AccessLog } from '../xds/access-log';
import type { Listener, ListenerFilter, NetworkFilter, ProxyProtocol } from '../xds/listener';
import type { DownstreamTlsContext } from '../xds/transport-sockets';

/** Takes the addresses of a connection from the header that a load balancer puts before it. */
const PROXY_PROTOCOL: ListenerFilter = {
  name: 'envoy.filters.listener.proxy_protocol',
  typedConfig: typed<ProxyProtocol>('envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol', {}),
};

/** Makes the listeners of a gateway. */
export class GatewayListeners {
  /** By port, the SNI hosts that PASSTHROUGH servers already match. */
  private readonly takenNames = new Map<number, Set<string>>();

  constructor(private readonly settings: ListenerSettings, private readonly mesh: MeshServices, private readonly notes: Note[]) {}

  /** One listener per address and port; a port without a chain has no listener. */
  public of({ ports }: MergedGateways, listenerLog: readonly AccessLog[]): Listener[] {
    const byAddress = new Map<string, { readonly bind: string; readonly port: number; readonly chains: ChainPlan[] }>();
    for (const merged of ports) {
      const bind = merged.bind || WILDCARD;
      const key = `${bind}_${merged.port}`;
      const entry = byAddress.get(key) ?? { bind, port: merged.port, chains: [] };
      byAddress.set(key, entry);
      for (const chain of this.chains(merged)) entry.chains.push(chain);
    }
    return [...byAddress].filter(([, { chains }]) => chains.length > 0).map(([name, { bind, port, chains }]) => message<Listener>({
      name,
      address: socketAddress(bind, port),
      filterChains: chains.map(filterChain),
      listenerFilters: [...(this.settings.proxyConfig.gatewayTopology?.proxyProtocol ? [PROXY_PROTOCOL] : []), ...inspectors(chains)],
      accessLog: listenerLog,
      perConnectionBufferLimitBytes: bufferLimit(this.settings.proxyConfig),
      trafficDirection: 'OUTBOUND',
    }));
  }

  private chains(merged: MergedPort): ChainPlan[] {
    const [first] = merged.servers;
    if (isHttp(first.protocol)) return [{ filters: [this.http(merged.routeName, `outbound_${merged.bind || WILDCARD}_${merged.port};`)] }];
    return merged.servers.flatMap(server => {
      if (server.protocol === 'HTTPS' && server.tls && readsRequests(server)) {
        return [{ ...encrypted(server), filters: [this.http(routeName(server, merged.port), server.portName)] }];
      }
      return server.tls && passesThrough(server) ? this.passing(server, merged.port) : this.connections(server);
    });
  }

  private http(name: string, statPrefix: string): NetworkFilter {
    const { tracing, accessLog, proxyConfig, pathNormalization, access } = this.settings;
    return gatewayConnectionManager({
      routeName: name,
      statPrefix,
      tracing,
      accessLog,
      proxyConfig,
      pathNormalization,
      accessFilters: access.http,
    });
  }

  /** The chain of the first TCP route that matches the server; none if no route matches. */
  private connections(server: GatewayServer): ChainPlan[] {
    for (const vs of this.virtualServices(server)) {
      const rule = vs.tcp.find(({ match = [], route = [] }) => (
        route.length > 0 && (match.length === 0 || match.some(each => isForServer(each, server))))) ?? decryptedRule(vs, server);
      if (rule) return [{ ...server.tls && encrypted(server), filters: this.filters(rule.route ?? [], vs, server) }];
    }
    return [];
  }

  /** One chain per set of SNI hosts of the TLS routes. Envoy passes the connections on without decrypting them. */
  private passing(server: GatewayServer, port: number): ChainPlan[] {
    if (server.tls?.mode === 'AUTO_PASSTHROUGH') return [];
    const taken = this.takenNames.get(port) ?? new Set<string>();
    this.takenNames.set(port, taken);
    const routes = ({ tls }: VirtualService) => tls.filter(({ route = [] }) => route.length > 0);
    return this.virtualServices(server).flatMap(vs => routes(vs).flatMap(({ match = [], route = [] }) =>
      match.filter(each => isForServer(each, server)).flatMap(({ sniHosts: names = [] }) => {
        const key = (name: string) => `${server.bind} ${name}`;
        if (names.some(name => taken.has(key(name)))) {
          const why = `another route already matches its sniHosts (${names.join(', ')})`;
          this.notes.push({ object: vs.object, message: `istiod leaves out a TLS route at port ${port}: ${why}` });
          return [];
        }
        for (const name of names) taken.add(key(name));
        return [{ serverNames: names, filters: this.filters(route, vs, server) }];
      })));
  }

  private filters(routes: readonly RouteDestination[], vs: VirtualService, server: GatewayServer): NetworkFilter[] {
    return [
      ...this.settings.access.network,
      ...routeFilters(routes, vs, { ...this.settings, port: server.port, protocol: server.protocol }),
    ];
  }

  private virtualServices(server: GatewayServer): VirtualService[] {
    return this.mesh.virtualServices.servedBy(server, this.settings.scope.proxy.namespace).map(({ vs }) => vs);
  }
}

/** The first rule of a TLSRoute, which also takes the connections of a server that decrypts them. */
function decryptedRule({ isOfGatewayApi, tls }: VirtualService, server: GatewayServer): TLSRoute | undefined {
  if (!isOfGatewayApi || passesThrough(server)) return undefined;
  return tls.find(({ match = [] }) => match.some(each => isForServer(each, server)));
}

/** Whether a match applies to connections of a server. Fields about the caller do not apply at a gateway. */
function isForServer(match: WrittenConnectionMatch, { port, gatewayName }: GatewayServer): boolean {
  return isForListener(match, { port, gateways: new Set([gatewayName]) });
}

/** The fields of a chain that terminates TLS. The server's certificate is left out. */
function encrypted(server: GatewayServer): Pick<ChainPlan, 'serverNames' | 'transportSocket'> {
  const asksForCertificate = server.tls?.mode === 'MUTUAL' || server.tls?.mode === 'ISTIO_MUTUAL';
  return {
    serverNames: serverNames(server),
    transportSocket: {
      name: 'envoy.transport_sockets.tls',
      typedConfig: typed<DownstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
        commonTlsContext: { alpnProtocols: ['h2', 'http/1.1'] }, requireClientCertificate: asksForCertificate,
      }),
    },
  };
}
