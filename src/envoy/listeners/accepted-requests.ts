import type { MeshProxyConfig, PathNormalization } from '../mesh-config';
import { message } from '../message';
import type { Http1ProtocolOptions, Http2ProtocolOptions } from '../xds/core';
import type { HttpConnectionManager } from '../xds/http-connection-manager';
import { durationOf } from '../xds/proto-values';

type PathFields = Pick<HttpConnectionManager, 'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction'>;
type LimitFields = Pick<HttpConnectionManager,
  'streamIdleTimeout' | 'requestTimeout' | 'requestHeadersTimeout' | 'drainTimeout' | 'http2ProtocolOptions'>;
type AcceptedRequests = PathFields & LimitFields & Pick<HttpConnectionManager, 'commonHttpProtocolOptions'>;
type ConnectionSettings = NonNullable<MeshProxyConfig['connectionSettings']>;

const NORMALIZATIONS: { readonly [N in PathNormalization]: PathFields } = {
  DEFAULT: { normalizePath: true },
  NONE: { normalizePath: false },
  BASE: { normalizePath: true },
  MERGE_SLASHES: { normalizePath: true, mergeSlashes: true },
  DECODE_AND_MERGE_SLASHES: { normalizePath: true, mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' },
};

/** The values that the EDGE profile sets for a gateway where a field is not set. */
const EDGE: ConnectionSettings = {
  listenerPerConnectionBufferLimitBytes: 32_768,
  httpIdleTimeout: '3600s',
  httpStreamIdleTimeout: '300s',
  httpRequestTimeout: '300s',
  httpRequestHeadersTimeout: '60s',
  httpMaxConcurrentStreams: 100,
  http2InitialStreamWindowSize: 65_536,
  http2InitialConnectionWindowSize: 1_048_576,
  httpMergeSlashes: true,
  httpPathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT',
  httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
};

/** The settings of a proxy's connections: its own over those of its profile. Sidecars have no profile. */
function settingsOf({ connectionSettings = {} }: MeshProxyConfig, isGateway: boolean): ConnectionSettings {
  const stated = Object.fromEntries(Object.entries(connectionSettings).filter(([, value]) => (
    value !== undefined && !String(value).endsWith('_UNSPECIFIED')))) as ConnectionSettings;
  return isGateway && stated.profile === 'EDGE' ? { ...EDGE, ...stated } : stated;
}

/** The action of a path; undefined for Envoy's default. */
function kept(action: ConnectionSettings['httpPathWithEscapedSlashesAction']): PathFields['pathWithEscapedSlashesAction'] {
  return action === 'KEEP_UNCHANGED' ? undefined : action as PathFields['pathWithEscapedSlashesAction'];
}

/** A limit; undefined for a negative one, which istiod leaves out. */
function limit(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 ? value : undefined;
}

/** Which paths and names of headers a connection manager accepts, how it normalizes paths, and its limits. */
export function acceptedRequests(
  normalization: PathNormalization = 'DEFAULT', proxyConfig: MeshProxyConfig, isGateway: boolean,
): AcceptedRequests {
  const settings = settingsOf(proxyConfig, isGateway);
  const { httpMergeSlashes: merges, httpPathWithEscapedSlashesAction: path } = settings;
  return {
    ...NORMALIZATIONS[normalization],
    ...(merges === undefined ? {} : { mergeSlashes: merges || undefined }),
    ...(path === undefined ? {} : { pathWithEscapedSlashesAction: kept(path) }),
    ...message<LimitFields>({
      streamIdleTimeout: durationOf(settings.httpStreamIdleTimeout),
      requestTimeout: durationOf(settings.httpRequestTimeout),
      requestHeadersTimeout: durationOf(settings.httpRequestHeadersTimeout),
      drainTimeout: durationOf(settings.httpDrainTimeout),
      http2ProtocolOptions: http2Options(settings),
    }),
    ...commonOptions(settings),
  };
}

const UNDERSCORES: { readonly [action: string]: 'REJECT_REQUEST' | 'DROP_HEADER' | undefined } = {
  HEADERS_WITH_UNDERSCORES_REJECT_REQUEST: 'REJECT_REQUEST',
  HEADERS_WITH_UNDERSCORES_DROP_HEADER: 'DROP_HEADER',
};

function commonOptions(
  { httpHeadersWithUnderscoresAction: underscores, httpIdleTimeout: idle, httpMaxConnectionDuration, httpMaxStreamDuration }:
  ConnectionSettings,
): Pick<HttpConnectionManager, 'commonHttpProtocolOptions'> {
  const stated = [underscores, idle, httpMaxConnectionDuration, httpMaxStreamDuration];
  if (stated.every(value => value === undefined)) return {};
  return {
    commonHttpProtocolOptions: message({
      idleTimeout: durationOf(idle),
      maxConnectionDuration: durationOf(httpMaxConnectionDuration),
      maxStreamDuration: durationOf(httpMaxStreamDuration),
      headersWithUnderscoresAction: underscores && UNDERSCORES[underscores],
    }),
  };
}

function http2Options(
  { httpMaxConcurrentStreams: streams, http2InitialStreamWindowSize: ofStream, http2InitialConnectionWindowSize: ofConnection }:
  ConnectionSettings,
): Http2ProtocolOptions | undefined {
  if (streams === undefined && ofStream === undefined && ofConnection === undefined) return undefined;
  return message({
    maxConcurrentStreams: limit(streams),
    initialStreamWindowSize: limit(ofStream),
    initialConnectionWindowSize: limit(ofConnection),
  });
}

/** The bytes that a listener of a gateway buffers per connection; undefined for Envoy's own limit. */
export function bufferLimit(proxyConfig: MeshProxyConfig): number | undefined {
  return limit(settingsOf(proxyConfig, true).listenerPerConnectionBufferLimitBytes);
}

/** HTTP/1.0, which a proxy accepts if its metadata say so. */
export function acceptedVersions({ proxyMetadata }: MeshProxyConfig): Http1ProtocolOptions | undefined {
  return proxyMetadata?.ISTIO_META_HTTP10 === '1' ? { acceptHttp10: true } : undefined;
}
