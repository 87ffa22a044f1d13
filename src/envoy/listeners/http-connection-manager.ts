import { acceptedRequests, acceptedVersions } from './accepted-requests';
import type { MeshProxyConfig, PathNormalization } from '../mesh-config';
import { ADS, typed } from '../message';
import { preservedCase } from '../preserve-case';
import type { AccessLog } from '../xds/access-log';
import type { Http1ProtocolOptions } from '../xds/core';
import type { HttpConnectionManager, HttpFilter } from '../xds/http-connection-manager';
import type { Cors, HTTPFault, Router } from '../xds/http-filters';
import type { NetworkFilter } from '../xds/listener';
import type { RouteConfiguration } from '../xds/route';
import type { Tracing } from '../xds/tracing';

/** The filters that change requests. Those for statistics and metadata are left out. */
const FILTERS: readonly HttpFilter[] = [
  { name: 'envoy.filters.http.fault', typedConfig: typed<HTTPFault>('envoy.extensions.filters.http.fault.v3.HTTPFault', {}) },
  { name: 'envoy.filters.http.cors', typedConfig: typed<Cors>('envoy.extensions.filters.http.cors.v3.Cors', {}) },
  { name: 'envoy.filters.http.router', typedConfig: typed<Router>('envoy.extensions.filters.http.router.v3.Router', {}) },
];

/** What a connection manager has in addition to its route configuration. */
export interface ConnectionManagerOptions {
  /** The name of its route configuration, which istiod sends on its own. */
  readonly routeName?: string;
  /** Its route configuration, where it has one of its own. */
  readonly routeConfig?: RouteConfiguration;
  readonly statPrefix: string;
  readonly tracing?: Tracing;
  readonly accessLog: readonly AccessLog[];
  readonly proxyConfig: MeshProxyConfig;
  readonly pathNormalization?: PathNormalization;
  /** The filters that decide who may call. @default none */
  readonly accessFilters?: readonly HttpFilter[];
}

function http1Options(proxyConfig: MeshProxyConfig): Http1ProtocolOptions | undefined {
  const [versions, preserved] = [acceptedVersions(proxyConfig), preservedCase(proxyConfig)];
  return versions && preserved ? { ...versions, ...preserved } : versions ?? preserved;
}

function connectionManager(
  options: ConnectionManagerOptions, fields: Partial<HttpConnectionManager> & { readonly useRemoteAddress: boolean },
  isHttp2 = false,
): NetworkFilter {
  const { routeName, routeConfig, statPrefix, tracing, accessLog, pathNormalization, proxyConfig, accessFilters = [] } = options;
  const accepted = acceptedRequests(pathNormalization, proxyConfig, fields.useRemoteAddress);
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typedConfig: typed<HttpConnectionManager>('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      statPrefix,
      rds: routeName === undefined ? undefined : { configSource: ADS, routeConfigName: routeName },
      routeConfig,
      httpFilters: [...accessFilters, ...FILTERS],
      tracing,
      accessLog,
      streamIdleTimeout: '0s',
      proxy100Continue: true,
      ...accepted,
      upgradeConfigs: [{ upgradeType: 'websocket' }],
      httpProtocolOptions: http1Options(proxyConfig),
      ...fields,
      http2ProtocolOptions: isHttp2 || accepted.http2ProtocolOptions ? { ...accepted.http2ProtocolOptions } : undefined,
    }),
  };
}

/** The connection manager of a sidecar's outbound listener. */
export function sidecarConnectionManager(options: ConnectionManagerOptions): NetworkFilter {
  return connectionManager(options, { useRemoteAddress: false });
}

/** The connection manager of a gateway, which does not trust forwarding headers of callers. */
export function gatewayConnectionManager(options: ConnectionManagerOptions): NetworkFilter {
  const topology = options.proxyConfig.gatewayTopology;
  const stated = topology?.forwardClientCertDetails;
  const details = stated && stated !== 'UNDEFINED' ? stated : 'SANITIZE_SET';
  return connectionManager(options, {
    useRemoteAddress: true,
    xffNumTrustedHops: topology?.numTrustedProxies || undefined,
    forwardClientCertDetails: details === 'SANITIZE' ? undefined : details,
    setCurrentClientCertDetails: ['SANITIZE_SET', 'APPEND_FORWARD'].includes(details)
      ? { subject: true, cert: true, dns: true, uri: true } : undefined,
    serverName: 'istio-envoy',
    httpProtocolOptions: http1Options(options.proxyConfig) ?? {},
  });
}

/** The connection manager of a waypoint. Who called is known from the tunnel. */
export function waypointConnectionManager(options: ConnectionManagerOptions, isHttp2: boolean): NetworkFilter {
  return connectionManager(options, { useRemoteAddress: false, serverName: 'istio-envoy' }, isHttp2);
}

/** The connection manager of a sidecar's inbound chain, which tells the application who called. */
export function inboundConnectionManager(options: ConnectionManagerOptions, isHttp2: boolean): NetworkFilter {
  return connectionManager(options, {
    useRemoteAddress: false,
    forwardClientCertDetails: 'APPEND_FORWARD',
    setCurrentClientCertDetails: { subject: true, dns: true, uri: true },
    serverName: 'istio-envoy',
  }, isHttp2);
}
