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
  /** ProxyConfig of the mesh. */
  readonly proxyConfig: Json;
}

const PRESERVE_CASE = {
  statefulFormatter: { name: 'preserve_case', typedConfig: typed('envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig') },
};

function http1Options({ proxyConfig }: HttpOptions): Json {
  return proxyConfig?.proxyHeaders?.preserveHttp1HeaderCase === true ? { headerKeyFormat: PRESERVE_CASE } : undefined;
}

function connectionManager(options: HttpOptions, fields: Json): Json {
  const { routeName, statPrefix, tracing, accessLog } = options;
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
      httpProtocolOptions: http1Options(options),
      ...fields,
    }),
  };
}

/** A sidecar's, for what the application sends. */
export function sidecarConnectionManager(options: HttpOptions): Json {
  return connectionManager(options, { useRemoteAddress: false });
}

/** A gateway's, which does not believe what callers say of themselves. */
export function gatewayConnectionManager(options: HttpOptions): Json {
  const topology = options.proxyConfig?.gatewayTopology;
  const details = topology?.forwardClientCertDetails && topology.forwardClientCertDetails !== 'UNDEFINED' ? topology.forwardClientCertDetails : 'SANITIZE_SET';
  return connectionManager(options, {
    useRemoteAddress: true,
    xffNumTrustedHops: topology?.numTrustedProxies || undefined,
    forwardClientCertDetails: details === 'SANITIZE' ? undefined : details,
    setCurrentClientCertDetails: ['SANITIZE_SET', 'APPEND_FORWARD'].includes(details) ? { subject: true, cert: true, dns: true, uri: true } : undefined,
    serverName: 'istio-envoy',
    httpProtocolOptions: http1Options(options) ?? {},
  });
}
