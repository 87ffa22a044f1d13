import type { ClusterContext } from './target';
import type { ConnectionPoolSettings, HTTPSettings } from '../../manifest/istio-specs.generated';
import type { MeshConfig, MeshProxyConfig } from '../mesh-config';
import { message, typed } from '../message';
import { preservedCase } from '../preserve-case';
import type { Protocol } from '../protocol';
import { isHttp, isHttp2 } from '../protocol';
import type { Cluster, UpstreamsHttpProtocolOptions } from '../xds/cluster';
import type { Http1ProtocolOptions, Http2ProtocolOptions } from '../xds/core';
import { durationOf } from '../xds/proto-values';

const TYPE = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** How a cluster speaks HTTP. Fields that neither port nor policy sets are absent. */
export type HttpOptions = Omit<UpstreamsHttpProtocolOptions, '@type'>;

const HTTP1: Http1ProtocolOptions = Object.freeze({});
/** The HTTP options that follow from a port's protocol and from the connection pool. */
export function httpOptions(
  protocol: Protocol, pool: ConnectionPoolSettings | undefined,
  { meshConfig, proxyConfig, proxy }: Pick<ClusterContext, 'meshConfig' | 'proxyConfig' | 'proxy'>,
): HttpOptions {
  const { http } = pool ?? {};
  const common = commonOptions(pool);
  const http1 = isHttp(protocol) || protocol === 'Unsupported' ? preservedCase(proxyConfig) : undefined;
  const guessed = isGuessed(protocol, proxy.type !== 'gateway');
  const http2 = isHttp2(protocol) || (http1 === undefined && !guessed && isUpgraded(protocol, http, meshConfig));
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

/** The options as a cluster's field. If any option is set, Envoy requires a version of HTTP. */
export function typedHttpOptions(options: HttpOptions): Pick<Cluster, 'typedExtensionProtocolOptions'> {
  if (isEmpty(options)) return {};
  const version = options.explicitHttpConfig || options.useDownstreamProtocolConfig ? {}
    : { explicitHttpConfig: { httpProtocolOptions: HTTP1 } };
  return { typedExtensionProtocolOptions: { [TYPE]: typed<UpstreamsHttpProtocolOptions>(TYPE, { ...options, ...version }) } };
}

/** The options of PassthroughCluster. */
export function passthroughHttpOptions(proxyConfig: MeshProxyConfig): HttpOptions {
  return {
    commonHttpProtocolOptions: { idleTimeout: '300s' },
    useDownstreamProtocolConfig: { httpProtocolOptions: preservedCase(proxyConfig) ?? HTTP1, http2ProtocolOptions: {} },
  };
}

function isEmpty(options: object): boolean {
  for (const _ in options) return false;
  return true;
}

/** Whether Envoy detects the protocol per connection. Gateways detect none. */
function isGuessed(protocol: Protocol, detects: boolean): boolean {
  return detects && protocol === 'Unsupported';
}

function isUpgraded(protocol: Protocol, http: HTTPSettings | undefined, { h2UpgradePolicy }: MeshConfig): boolean {
  if (http?.useClientProtocol) return false;
  if (http?.h2UpgradePolicy === 'UPGRADE') return true;
  return http?.h2UpgradePolicy !== 'DO_NOT_UPGRADE' && isHttp(protocol) && h2UpgradePolicy === 'UPGRADE';
}

function http2Options({ maxConcurrentStreams, http2KeepAlive }: HTTPSettings = {}): Http2ProtocolOptions {
  return {
    ...(maxConcurrentStreams ? { maxConcurrentStreams } : {}),
    ...(http2KeepAlive ? {
      connectionKeepalive: message({ interval: durationOf(http2KeepAlive.interval), timeout: durationOf(http2KeepAlive.timeout) }),
    } : {}),
  };
}

function commonOptions({ tcp, http }: ConnectionPoolSettings = {}): Pick<HttpOptions, 'commonHttpProtocolOptions'> {
  const idleTimeout = http?.idleTimeout ?? tcp?.idleTimeout;
  const { maxRequestsPerConnection, maxConcurrentStreams, http2KeepAlive } = http ?? {};
  if (!idleTimeout && !tcp?.maxConnectionDuration && !maxRequestsPerConnection && !maxConcurrentStreams && !http2KeepAlive) return {};
  return {
    commonHttpProtocolOptions: {
      ...message({ idleTimeout: durationOf(idleTimeout), maxConnectionDuration: durationOf(tcp?.maxConnectionDuration) }),
      ...(maxRequestsPerConnection ? { maxRequestsPerConnection } : {}),
    },
  };
}
