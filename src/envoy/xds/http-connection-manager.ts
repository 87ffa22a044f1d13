import type { AccessLog } from './access-log';
import type { Any, ConfigSource, Http1ProtocolOptions, Http2ProtocolOptions, HttpProtocolOptions, TypedExtensionConfig } from './core';
import type { HttpExtAuthz } from './ext-authz';
import type { Cors, HTTPFault, Router } from './http-filters';
import type { JwtAuthentication } from './jwt-authn';
import type { Duration } from './proto-values';
import type { HttpRbac } from './rbac';
import type { RouteConfiguration } from './route';
import type { Tracing } from './tracing';

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`. */
export interface HttpConnectionManager extends Any<'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'> {
  readonly statPrefix: string;
  readonly rds?: Rds;
  readonly routeConfig?: RouteConfiguration;
  readonly httpFilters?: readonly HttpFilter[];
  readonly tracing?: Tracing;
  readonly accessLog?: readonly AccessLog[];
  readonly streamIdleTimeout?: Duration;
  readonly proxy100Continue?: boolean;
  readonly requestTimeout?: Duration;
  readonly requestHeadersTimeout?: Duration;
  readonly drainTimeout?: Duration;
  readonly commonHttpProtocolOptions?: HttpProtocolOptions;
  readonly normalizePath?: boolean;
  readonly mergeSlashes?: boolean;
  readonly pathWithEscapedSlashesAction?: 'KEEP_UNCHANGED' | 'REJECT_REQUEST' | 'UNESCAPE_AND_REDIRECT' | 'UNESCAPE_AND_FORWARD';
  readonly upgradeConfigs?: readonly { readonly upgradeType: string }[];
  readonly httpProtocolOptions?: Http1ProtocolOptions;
  readonly http2ProtocolOptions?: Http2ProtocolOptions;
  readonly useRemoteAddress?: boolean;
  readonly xffNumTrustedHops?: number;
  readonly forwardClientCertDetails?: ForwardClientCertDetails;
  readonly setCurrentClientCertDetails?: SetCurrentClientCertDetails;
  readonly serverName?: string;
}

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter`, by the filter's name. */
export type HttpFilter =
  | TypedExtensionConfig<HttpRbac, 'envoy.filters.http.rbac'>
  | TypedExtensionConfig<JwtAuthentication, 'envoy.filters.http.jwt_authn'>
  | TypedExtensionConfig<HttpExtAuthz, 'envoy.filters.http.ext_authz'>
  | TypedExtensionConfig<HTTPFault, 'envoy.filters.http.fault'>
  | TypedExtensionConfig<Cors, 'envoy.filters.http.cors'>
  | TypedExtensionConfig<Router, 'envoy.filters.http.router'>;

/** `envoy.extensions.filters.network.http_connection_manager.v3.Rds`. */
export interface Rds {
  readonly configSource: ConfigSource;
  readonly routeConfigName: string;
}

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails`. */
export type ForwardClientCertDetails = 'SANITIZE' | 'FORWARD_ONLY' | 'APPEND_FORWARD' | 'SANITIZE_SET' | 'ALWAYS_FORWARD_ONLY';

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails`. */
export interface SetCurrentClientCertDetails {
  readonly subject?: boolean;
  readonly cert?: boolean;
  readonly dns?: boolean;
  readonly uri?: boolean;
}
