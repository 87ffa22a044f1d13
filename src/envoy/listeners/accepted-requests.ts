import type { MeshProxyConfig, PathNormalization } from '../mesh-config';
import type { Http1ProtocolOptions } from '../xds/core';
import type { HttpConnectionManager } from '../xds/http-connection-manager';

type PathFields = Pick<HttpConnectionManager, 'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction'>;
type LimitFields = Pick<HttpConnectionManager, 'streamIdleTimeout' | 'requestTimeout' | 'requestHeadersTimeout' | 'http2ProtocolOptions'>;
type AcceptedRequests = PathFields & LimitFields & Pick<HttpConnectionManager, 'commonHttpProtocolOptions'>;

const NORMALIZATIONS: { readonly [N in PathNormalization]: PathFields } = {
  DEFAULT: { normalizePath: true },
  NONE: { normalizePath: false },
  BASE: { normalizePath: true },
  MERGE_SLASHES: { normalizePath: true, mergeSlashes: true },
  DECODE_AND_MERGE_SLASHES: { normalizePath: true, mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' },
};

/** What the EDGE profile of a gateway's connection settings adds. */
const EDGE = {
  httpMergeSlashes: true,
  httpPathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT',
  httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
} as const satisfies MeshProxyConfig['connectionSettings'];

/** The limits of the EDGE profile for the requests of a gateway. */
const EDGE_LIMITS: LimitFields = {
  streamIdleTimeout: '300s',
  requestTimeout: '300s',
  requestHeadersTimeout: '60s',
  http2ProtocolOptions: { maxConcurrentStreams: 100, initialStreamWindowSize: 65_536, initialConnectionWindowSize: 1_048_576 },
};

/** The limits of the EDGE profile for the connections of a gateway: the idle time, and the buffered bytes of a listener. */
const EDGE_CONNECTIONS = { idleTimeout: '3600s', perConnectionBufferLimitBytes: 32_768 } as const;

function isEdge({ connectionSettings }: MeshProxyConfig): boolean {
  return connectionSettings?.profile === 'EDGE';
}

/** A value of an enum; undefined for the one that means that it is not set. */
function orUnset<V extends string>(value: V | undefined): Exclude<V, `${string}_UNSPECIFIED`> | undefined {
  return value?.endsWith('_UNSPECIFIED') ? undefined : value as Exclude<V, `${string}_UNSPECIFIED`> | undefined;
}

/** Which paths and names of headers a connection manager accepts, how it normalizes paths, and its limits. */
export function acceptedRequests(
  normalization: PathNormalization = 'DEFAULT', proxyConfig: MeshProxyConfig, isGateway: boolean,
): AcceptedRequests {
  const { connectionSettings } = proxyConfig;
  const hasEdgeProfile = isGateway && isEdge(proxyConfig);
  const profile = hasEdgeProfile ? EDGE : undefined;
  const path = orUnset(connectionSettings?.httpPathWithEscapedSlashesAction) ?? profile?.httpPathWithEscapedSlashesAction;
  const underscores = orUnset(connectionSettings?.httpHeadersWithUnderscoresAction) ?? profile?.httpHeadersWithUnderscoresAction;
  const merges = connectionSettings?.httpMergeSlashes ?? profile?.httpMergeSlashes;
  const common = underscores === undefined ? undefined : UNDERSCORES[underscores];
  return {
    ...NORMALIZATIONS[normalization],
    ...(merges === undefined ? {} : { mergeSlashes: merges || undefined }),
    ...(path === undefined ? {} : { pathWithEscapedSlashesAction: path === 'KEEP_UNCHANGED' ? undefined : path }),
    ...(hasEdgeProfile ? { ...EDGE_LIMITS, commonHttpProtocolOptions: { idleTimeout: EDGE_CONNECTIONS.idleTimeout, ...common } }
      : common && { commonHttpProtocolOptions: common }),
  };
}

const UNDERSCORES: { readonly [action: string]: HttpConnectionManager['commonHttpProtocolOptions'] } = {
  HEADERS_WITH_UNDERSCORES_ALLOW: {},
  HEADERS_WITH_UNDERSCORES_REJECT_REQUEST: { headersWithUnderscoresAction: 'REJECT_REQUEST' },
  HEADERS_WITH_UNDERSCORES_DROP_HEADER: { headersWithUnderscoresAction: 'DROP_HEADER' },
};

/** The bytes that a listener of a gateway buffers per connection; undefined for Envoy's own limit. */
export function bufferLimit(proxyConfig: MeshProxyConfig): number | undefined {
  return isEdge(proxyConfig) ? EDGE_CONNECTIONS.perConnectionBufferLimitBytes : undefined;
}

/** HTTP/1.0, which a proxy accepts if its metadata say so. */
export function acceptedVersions({ proxyMetadata }: MeshProxyConfig): Http1ProtocolOptions | undefined {
  return proxyMetadata?.ISTIO_META_HTTP10 === '1' ? { acceptHttp10: true } : undefined;
}
