import { ADS, typed } from '../message';
import type { Json } from '../proxy-config';

const NAME = 'envoy.filters.network.http_connection_manager';
const TYPE = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

/** The filters that decide about a request; those of statistics and of the exchange of metadata are left out. */
const FILTERS = [
  ['fault', 'envoy.extensions.filters.http.fault.v3.HTTPFault'],
  ['cors', 'envoy.extensions.filters.http.cors.v3.Cors'],
  ['router', 'envoy.extensions.filters.http.router.v3.Router'],
].map(([name, type]) => ({ name: `envoy.filters.http.${name}`, typedConfig: typed(type) }));

/** What a connection manager adds to a route configuration of that name. */
export interface HttpOptions {
  readonly routeName: string;
  readonly statPrefix: string;
  readonly tracing?: Json;
  readonly accessLog: readonly Json[];
}

function connectionManager({ routeName, statPrefix, tracing, accessLog }: HttpOptions, fields: Json): Json {
  return {
    name: NAME,
    typedConfig: typed(TYPE, {
      statPrefix,
      rds: { configSource: ADS, routeConfigName: routeName },
      httpFilters: FILTERS,
      tracing,
      accessLog,
      streamIdleTimeout: '0s',
      proxy100Continue: true,
      normalizePath: true,
      upgradeConfigs: [{ upgradeType: 'websocket' }],
      ...fields,
    }),
  };
}

/** A sidecar's, for what the application sends. */
export function sidecarConnectionManager(options: HttpOptions): Json {
  return connectionManager(options, { useRemoteAddress: false });
}

/** A gateway's, which does not believe what callers say of themselves. */
export function gatewayConnectionManager(options: HttpOptions, topology: Json): Json {
  const details = topology?.forwardClientCertDetails && topology.forwardClientCertDetails !== 'UNDEFINED' ? topology.forwardClientCertDetails : 'SANITIZE_SET';
  return connectionManager(options, {
    useRemoteAddress: true,
    xffNumTrustedHops: topology?.numTrustedProxies || undefined,
    forwardClientCertDetails: details === 'SANITIZE' ? undefined : details,
    setCurrentClientCertDetails: ['SANITIZE_SET', 'APPEND_FORWARD'].includes(details) ? { subject: true, cert: true, dns: true, uri: true } : undefined,
    serverName: 'istio-envoy',
    httpProtocolOptions: {},
  });
}
