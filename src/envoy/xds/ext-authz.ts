import type { Any, GrpcService, HeaderValue, HttpUri } from './core';
import type { ListStringMatcher, MetadataMatcher } from './matcher';

/** `envoy.extensions.filters.http.ext_authz.v3.ExtAuthz`. */
export interface HttpExtAuthz extends Any<'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz'> {
  readonly httpService?: ExtAuthzHttpService;
  readonly grpcService?: GrpcService;
  readonly transportApiVersion?: 'V3';
  /** Whether requests pass if the authorizer does not answer. */
  readonly failureModeAllow?: boolean;
  readonly statusOnError?: { readonly code?: string };
  readonly withRequestBody?: ExtAuthzBufferSettings;
  readonly allowedHeaders?: ListStringMatcher;
  /** The requests that the authorizer is asked about. */
  readonly filterEnabledMetadata?: MetadataMatcher;
}

/** `envoy.extensions.filters.http.ext_authz.v3.BufferSettings`. */
export interface ExtAuthzBufferSettings {
  readonly maxRequestBytes?: number;
  readonly allowPartialMessage?: boolean;
  readonly packAsBytes?: boolean;
}

/** `envoy.extensions.filters.http.ext_authz.v3.HttpService`. */
export interface ExtAuthzHttpService {
  readonly serverUri: HttpUri;
  readonly pathPrefix?: string;
  readonly authorizationRequest?: { readonly headersToAdd?: readonly HeaderValue[] };
  readonly authorizationResponse?: {
    readonly allowedUpstreamHeaders?: ListStringMatcher;
    readonly allowedClientHeaders?: ListStringMatcher;
    readonly allowedClientHeadersOnSuccess?: ListStringMatcher;
  };
}

/** `envoy.extensions.filters.network.ext_authz.v3.ExtAuthz`. */
export interface NetworkExtAuthz extends Any<'envoy.extensions.filters.network.ext_authz.v3.ExtAuthz'> {
  readonly statPrefix: string;
  readonly grpcService?: GrpcService;
  readonly transportApiVersion?: 'V3';
  readonly failureModeAllow?: boolean;
  readonly filterEnabledMetadata?: MetadataMatcher;
}
