import type { MeshProxyConfig, PathNormalization } from '../mesh-config';
import type { Http1ProtocolOptions } from '../xds/core';
import type { HttpConnectionManager } from '../xds/http-connection-manager';

type PathFields = Pick<
  HttpConnectionManager,
  'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction' | 'commonHttpProtocolOptions'
>;

const NORMALIZATIONS: { readonly [N in PathNormalization]: PathFields } = {
  DEFAULT: { normalizePath: true },
  NONE: { normalizePath: false },
  BASE: { normalizePath: true },
  MERGE_SLASHES: { normalizePath: true, mergeSlashes: true },
  DECODE_AND_MERGE_SLASHES: { normalizePath: true, mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' },
};

/** What the EDGE profile of a gateway's connection settings adds. */
const EDGE: MeshProxyConfig['connectionSettings'] = {
  httpMergeSlashes: true,
  httpPathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT',
  httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
};

/** Which paths and names of headers a connection manager accepts, and how it normalizes paths. */
export function acceptedPaths(
  normalization: PathNormalization = 'DEFAULT', { connectionSettings }: MeshProxyConfig, isGateway: boolean,
): PathFields {
  const profile = isGateway && connectionSettings?.profile === 'EDGE' ? EDGE : {};
  const path = connectionSettings?.httpPathWithEscapedSlashesAction ?? profile?.httpPathWithEscapedSlashesAction;
  const underscores = connectionSettings?.httpHeadersWithUnderscoresAction ?? profile?.httpHeadersWithUnderscoresAction;
  const merges = connectionSettings?.httpMergeSlashes ?? profile?.httpMergeSlashes;
  return {
    ...NORMALIZATIONS[normalization],
    ...(merges === undefined ? {} : { mergeSlashes: merges || undefined }),
    ...(path === undefined || path === 'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED' ? {}
      : { pathWithEscapedSlashesAction: path === 'KEEP_UNCHANGED' ? undefined : path }),
    ...(underscores === undefined ? {} : UNDERSCORES[underscores]),
  };
}

const UNDERSCORES: { readonly [action: string]: PathFields } = {
  HEADERS_WITH_UNDERSCORES_ALLOW: { commonHttpProtocolOptions: {} },
  HEADERS_WITH_UNDERSCORES_REJECT_REQUEST: { commonHttpProtocolOptions: { headersWithUnderscoresAction: 'REJECT_REQUEST' } },
  HEADERS_WITH_UNDERSCORES_DROP_HEADER: { commonHttpProtocolOptions: { headersWithUnderscoresAction: 'DROP_HEADER' } },
};

/** HTTP/1.0, which a proxy accepts if its metadata say so. */
export function acceptedVersions({ proxyMetadata }: MeshProxyConfig): Http1ProtocolOptions | undefined {
  return proxyMetadata?.ISTIO_META_HTTP10 === '1' ? { acceptHttp10: true } : undefined;
}
