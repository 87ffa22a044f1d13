import { asProtoDuration } from '../../manifest/duration';
import type { MeshConfig } from '../mesh-config';
import type { Protocol } from '../protocol';
import { isHttp, isHttp2 } from '../protocol';
import type { Json } from '../proxy-config';
import type { ConnectionPool } from '../traffic-policy';

const TYPE = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** How a cluster speaks HTTP; what is stated nowhere is absent. */
export interface HttpOptions {
  readonly commonHttpProtocolOptions?: Json;
  readonly explicitHttpConfig?: Json;
  readonly useDownstreamProtocolConfig?: Json;
  readonly upstreamHttpProtocolOptions?: { readonly autoSni?: true; readonly autoSanValidation?: true };
}

const HTTP1 = Object.freeze({});
const PRESERVING_CASE = Object.freeze({
  headerKeyFormat: {
    statefulFormatter: {
      name: 'preserve_case',
      typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig' },
    },
  },
});

/** What the port's protocol and the connection pool say about HTTP. */
export function httpOptions(protocol: Protocol, pool: ConnectionPool | undefined, mesh: MeshConfig, isSidecar: boolean): HttpOptions {
  const { http } = pool ?? {};
  const common = commonOptions(pool);
  const http1 = preservesCase(mesh) && (isHttp(protocol) || protocol === 'Unsupported') ? PRESERVING_CASE : undefined;
  const guessed = isGuessed(protocol, isSidecar);
  const http2 = isHttp2(protocol) || (http1 === undefined && !guessed && isUpgraded(protocol, http, mesh));
  if (http?.useClientProtocol || guessed) {
    const kept = http2 || (guessed && http?.useClientProtocol) ? undefined : http1;
    return { ...common, useDownstreamProtocolConfig: { httpProtocolOptions: kept ?? HTTP1, http2ProtocolOptions: {} } };
  }
  if (http2) return { ...common, explicitHttpConfig: { http2ProtocolOptions: http2Options(http) } };
  return http1 ? { ...common, explicitHttpConfig: { httpProtocolOptions: http1 } } : common;
}

export function speaksHttp2(options: HttpOptions): boolean {
  return options.explicitHttpConfig?.http2ProtocolOptions !== undefined;
}

/** As a cluster carries them; Envoy demands that a version of HTTP is named where anything is stated. */
export function typedHttpOptions(options: HttpOptions): { typedExtensionProtocolOptions?: Json } {
  if (isEmpty(options)) return {};
  const version = options.explicitHttpConfig || options.useDownstreamProtocolConfig ? {} : { explicitHttpConfig: { httpProtocolOptions: HTTP1 } };
  return { typedExtensionProtocolOptions: { [TYPE]: { '@type': `type.googleapis.com/${TYPE}`, ...options, ...version } } };
}

/** The options of connections to hosts that the mesh does not know. */
export function passthroughHttpOptions(mesh: MeshConfig): HttpOptions {
  return {
    commonHttpProtocolOptions: { idleTimeout: '300s' },
    useDownstreamProtocolConfig: { httpProtocolOptions: preservesCase(mesh) ? PRESERVING_CASE : HTTP1, http2ProtocolOptions: {} },
  };
}

function isEmpty(options: object): boolean {
  for (const _ in options) return false;
  return true;
}

function preservesCase({ defaultConfig }: MeshConfig): boolean {
  return defaultConfig.proxyHeaders?.preserveHttp1HeaderCase === true;
}

/** Gateways guess no protocol. */
function isGuessed(protocol: Protocol, isSidecar: boolean): boolean {
  return isSidecar && protocol === 'Unsupported';
}

function isUpgraded(protocol: Protocol, http: ConnectionPool['http'], { h2UpgradePolicy }: MeshConfig): boolean {
  if (http?.useClientProtocol) return false;
  if (http?.h2UpgradePolicy === 'UPGRADE') return true;
  return http?.h2UpgradePolicy !== 'DO_NOT_UPGRADE' && isHttp(protocol) && h2UpgradePolicy === 'UPGRADE';
}

function http2Options({ maxConcurrentStreams, http2KeepAlive }: NonNullable<ConnectionPool['http']> = {}): Json {
  return {
    ...(maxConcurrentStreams ? { maxConcurrentStreams } : {}),
    ...(http2KeepAlive ? { connectionKeepalive: durations({ interval: http2KeepAlive.interval, timeout: http2KeepAlive.timeout }) } : {}),
  };
}

function commonOptions({ tcp, http }: ConnectionPool = {}): { commonHttpProtocolOptions?: Json } {
  const idleTimeout = http?.idleTimeout ?? tcp?.idleTimeout;
  const { maxRequestsPerConnection, maxConcurrentStreams, http2KeepAlive } = http ?? {};
  if (!idleTimeout && !tcp?.maxConnectionDuration && !maxRequestsPerConnection && !maxConcurrentStreams && !http2KeepAlive) return {};
  return {
    commonHttpProtocolOptions: {
      ...durations({ idleTimeout, maxConnectionDuration: tcp?.maxConnectionDuration }),
      ...(maxRequestsPerConnection ? { maxRequestsPerConnection } : {}),
    },
  };
}

function durations(fields: { readonly [name: string]: string | undefined }): Json {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, asProtoDuration(value)]])));
}
