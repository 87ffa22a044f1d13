import type { Address } from './backend';
import { CERTIFICATE, KEY } from './certificate';
import type { Json, ProxyConfig } from '../istiod/client';

export interface BootstrapOptions {
  /** The names of istiod's listeners to open, such as `0.0.0.0_80`. Each gets a free port on the loopback interface. */
  readonly listeners: readonly string[];
  /** The backends of a cluster, in place of the pods. */
  readonly backendsOf: (cluster: string) => readonly Address[];
  readonly accessLog: string;
  /** Whether clusters keep the TLS that they begin, which must need no certificates. */
  readonly keepsTls?: boolean;
  /** Whether listeners keep the TLS that they end, with the certificate of the tests. */
  readonly endsTls?: boolean;
}

const FORMAT = {
  code: '%RESPONSE_CODE%',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream: '%UPSTREAM_HOST%',
  route: '%ROUTE_NAME%',
  authority: '%REQ(:AUTHORITY)%',
  path: '%REQ(:PATH)%',
  serverName: '%REQUESTED_SERVER_NAME%',
};

/**
 * A static bootstrap with the listeners, routes and clusters that istiod would send to one proxy, adapted to run alone on the loopback
 * interface.
 */
export function bootstrapOf(config: ProxyConfig, options: BootstrapOptions): Json {
  return {
    node: { id: config.name, cluster: 'conformance' },
    admin: { address: socketAddress({ host: '127.0.0.1', port: 0 }) },
    staticResources: {
      listeners: options.listeners.map(name => listenerOf(config, name, options)),
      // Incoming calls are not part of these experiments.
      clusters: config.clusters.filter(cluster => !isInbound(cluster.name)).map(cluster => clusterOf(cluster, options)),
    },
  };
}

const isInbound = (cluster: string) => cluster.startsWith('inbound|') || cluster === 'InboundPassthroughCluster';
const socketAddress = ({ host, port }: Address) => ({ socketAddress: { address: host, portValue: port } });

/** The Envoy from PyPI lacks the extensions of Istio's build (metadata exchange, ALPN, statistics). None of them affects routing. */
const isEnvoys = (extension: Json) => extension.typedConfig?.['@type'].startsWith('type.googleapis.com/envoy.') === true;

/** The terminal filters, which also log. */
const LOGGING = /^envoy\.filters\.network\.(http_connection_manager|tcp_proxy)$/;

function listenerOf(config: ProxyConfig, name: string, options: BootstrapOptions): Json {
  const found = config.listeners.find(candidate => candidate.name === name);
  if (!found) throw new Error(`istiod creates no listener ${name} here, but ${config.listeners.map(l => l.name).join(', ')}`);
  // On the loopback interface, nothing redirects connections: the listener itself is bound, and there is no original destination.
  const {
    bindToPort: _bind, useOriginalDst: _original, accessLog: _log, address: _address,
    listenerFilters = [], filterChains = [], defaultFilterChain, ...rest
  } = found;
  return {
    ...rest,
    address: socketAddress({ host: '127.0.0.1', port: 0 }),
    listenerFilters: listenerFilters.filter((filter: Json) => filter.name !== 'envoy.filters.listener.original_dst'),
    filterChains: filterChains.map((chain: Json) => filterChainOf(config, chain, options)),
    ...(defaultFilterChain && { defaultFilterChain: filterChainOf(config, defaultFilterChain, options) }),
  };
}

function filterChainOf(config: ProxyConfig, chain: Json, { accessLog, endsTls }: BootstrapOptions): Json {
  const { transportSocket, ...rest } = chain;
  const log = [{
    name: 'envoy.access_loggers.file',
    typedConfig: {
      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      'path': accessLog,
      'logFormat': { jsonFormat: FORMAT },
    },
  }];
  const filters = chain.filters.filter(isEnvoys).map(({ name, typedConfig }: Json) => ({
    name,
    typedConfig: {
      ...(name === 'envoy.filters.network.http_connection_manager' ? connectionManagerOf(config, typedConfig) : typedConfig),
      ...(LOGGING.test(name) && { accessLog: log }),
    },
  }));
  return { ...rest, filters, ...(endsTls && transportSocket ? { transportSocket: withCertificate(transportSocket) } : {}) };
}

/** The TLS of a listener, with the certificate of the tests in place of those that istiod would send. */
function withCertificate({ name, typedConfig }: Json): Json {
  const { tlsCertificateSdsSecretConfigs: _, combinedValidationContext, validationContext, ...tls } = typedConfig.commonTlsContext;
  const certificate = { inlineString: CERTIFICATE };
  const validates = combinedValidationContext ?? validationContext;
  const commonTlsContext = {
    ...tls,
    tlsCertificates: [{ certificateChain: certificate, privateKey: { inlineString: KEY } }],
    ...(validates ? { validationContext: { trustedCa: certificate } } : {}),
  };
  return { name, typedConfig: { ...typedConfig, commonTlsContext } };
}

function connectionManagerOf(config: ProxyConfig, manager: Json): Json {
  // Tracing would need a collector.
  const { rds, routeConfig, tracing: _tracing, httpFilters, ...rest } = manager;
  const routes = routeConfig ?? config.routes.find(candidate => candidate.name === rds.routeConfigName);
  if (!routes) throw new Error(`istiod creates no route configuration ${rds.routeConfigName}`);
  return { ...rest, httpFilters: httpFilters.filter(isEnvoys), routeConfig: routes };
}

function clusterOf(cluster: Json, { backendsOf, keepsTls }: BootstrapOptions): Json {
  const {
    // Endpoints come from the experiment instead of EDS, DNS and original destinations ...
    type: _type, clusterType: _custom, edsClusterConfig: _eds, loadAssignment: _assignment, lbPolicy, upstreamBindConfig: _bind,
    dnsLookupFamily: _family, dnsRefreshRate: _rate, dnsJitter: _jitter, respectDnsTtl: _ttl, typedDnsResolverConfig: _resolver,
    // ... and use plaintext, because there are no certificates here.
    transportSocket, transportSocketMatches: _matches, filters: _filters,
    // Istio's statistics name ends in a separator of its build.
    altStatName: _stat,
    ...rest
  } = cluster;
  const endpoints = backendsOf(cluster.name).map(address => ({ endpoint: { address: socketAddress(address) } }));
  return {
    ...rest,
    ...keepsTls && transportSocket && { transportSocket },
    type: 'STATIC',
    ...(lbPolicy !== undefined && lbPolicy !== 'CLUSTER_PROVIDED' && { lbPolicy }),
    // istiod names every locality and gives it a weight. With weights, a locality without a weight gets nothing.
    loadAssignment: {
      clusterName: cluster.name,
      endpoints: [{ locality: { region: 'here' }, loadBalancingWeight: 1, lbEndpoints: endpoints }],
    },
  };
}
