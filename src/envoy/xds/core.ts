import type { Duration, Empty, Struct, UInt32Value } from './proto-values';

/** A message of an extension, as `google.protobuf.Any` in JSON: its fields, and its type in `@type`. */
export interface Any<Type extends string = string> { readonly '@type': `type.googleapis.com/${Type}` }

/** `envoy.config.core.v3.TypedExtensionConfig`. */
export interface TypedExtensionConfig<Config extends Any = Any, Name extends string = string> {
  readonly name: Name;
  readonly typedConfig: Config;
}

/** `envoy.config.core.v3.Address`. */
export interface Address {
  readonly socketAddress?: SocketAddress;
  readonly pipe?: Pipe;
  /** A listener of the same proxy. */
  readonly envoyInternalAddress?: { readonly serverListenerName: string };
}

/** `envoy.config.core.v3.SocketAddress`. */
export interface SocketAddress {
  readonly address: string;
  readonly portValue: number;
}

/** `envoy.config.core.v3.Pipe`: a Unix socket. */
export interface Pipe { readonly path: string }

/** `envoy.config.core.v3.CidrRange`. */
export interface CidrRange {
  readonly addressPrefix: string;
  readonly prefixLen?: UInt32Value;
}

/** `envoy.config.core.v3.Locality`: where something runs. */
export interface Locality {
  readonly region?: string;
  readonly zone?: string;
  readonly subZone?: string;
}

/** `envoy.config.core.v3.ConfigSource`. */
export interface ConfigSource {
  readonly ads?: Empty;
  readonly apiConfigSource?: ApiConfigSource;
  readonly initialFetchTimeout?: Duration;
  readonly resourceApiVersion?: 'V3';
}

/** `envoy.config.core.v3.ApiConfigSource`. */
export interface ApiConfigSource {
  readonly apiType: 'GRPC';
  readonly transportApiVersion?: 'V3';
  readonly grpcServices?: readonly GrpcService[];
  readonly setNodeOnFirstMessageOnly?: boolean;
}

/** `envoy.config.core.v3.GrpcService`. */
export interface GrpcService {
  readonly envoyGrpc?: { readonly clusterName: string; readonly authority?: string };
  readonly timeout?: Duration;
}

/** `envoy.config.core.v3.HttpUri`. */
export interface HttpUri {
  readonly uri: string;
  readonly cluster: string;
  readonly timeout: Duration;
}

/** `envoy.config.core.v3.DataSource`. */
export interface DataSource {
  readonly filename?: string;
  readonly inlineString?: string;
  /** In base64. */
  readonly inlineBytes?: string;
}

/** `envoy.config.core.v3.HeaderValue`. */
export interface HeaderValue {
  readonly key: string;
  readonly value?: string;
}

/** `envoy.config.core.v3.HeaderValueOption`. */
export interface HeaderValueOption {
  readonly header: HeaderValue;
  /** Absent: `APPEND_IF_EXISTS_OR_ADD`. */
  readonly appendAction?: 'APPEND_IF_EXISTS_OR_ADD' | 'ADD_IF_ABSENT' | 'OVERWRITE_IF_EXISTS_OR_ADD' | 'OVERWRITE_IF_EXISTS';
  readonly keepEmptyValue?: boolean;
}

/** The fields by which a route configuration, a virtual host, a route and a weighted cluster change headers. */
export interface HeaderMutations {
  readonly requestHeadersToAdd?: readonly HeaderValueOption[];
  readonly requestHeadersToRemove?: readonly string[];
  readonly responseHeadersToAdd?: readonly HeaderValueOption[];
  readonly responseHeadersToRemove?: readonly string[];
}

/** `envoy.config.core.v3.Metadata`. */
export interface Metadata { readonly filterMetadata?: { readonly [filter: string]: Struct } }

/** `envoy.config.core.v3.TcpKeepalive`. */
export interface TcpKeepalive {
  readonly keepaliveProbes?: UInt32Value;
  readonly keepaliveTime?: UInt32Value;
  readonly keepaliveInterval?: UInt32Value;
}

/** `envoy.config.core.v3.HttpProtocolOptions`. */
export interface HttpProtocolOptions {
  readonly idleTimeout?: Duration;
  readonly maxConnectionDuration?: Duration;
  readonly maxStreamDuration?: Duration;
  readonly headersWithUnderscoresAction?: 'ALLOW' | 'REJECT_REQUEST' | 'DROP_HEADER';
  readonly maxRequestsPerConnection?: UInt32Value;
}

/** `envoy.config.core.v3.Http1ProtocolOptions`. */
export interface Http1ProtocolOptions {
  readonly headerKeyFormat?: { readonly statefulFormatter: TypedExtensionConfig<PreserveCaseFormatterConfig> };
  readonly acceptHttp10?: boolean;
}

/** `envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig`. */
export type PreserveCaseFormatterConfig = Any<'envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig'>;

/** `envoy.config.core.v3.Http2ProtocolOptions`. */
export interface Http2ProtocolOptions {
  readonly maxConcurrentStreams?: UInt32Value;
  readonly allowConnect?: boolean;
  readonly initialStreamWindowSize?: UInt32Value;
  readonly initialConnectionWindowSize?: UInt32Value;
  readonly connectionKeepalive?: { readonly interval?: Duration; readonly timeout?: Duration };
}

/** `envoy.config.core.v3.UpstreamHttpProtocolOptions`. */
export interface UpstreamHttpProtocolOptions {
  readonly autoSni?: boolean;
  readonly autoSanValidation?: boolean;
}
