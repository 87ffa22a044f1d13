import type { Any, ConfigSource, DataSource, TypedExtensionConfig } from './core';
import type { StringMatcher } from './matcher';
import type { Empty } from './proto-values';

/** `envoy.config.core.v3.TransportSocket` of connections that a proxy opens. */
export type UpstreamTransportSocket = TypedExtensionConfig<
  UpstreamTlsContext | RawBuffer | ProxyProtocolUpstreamTransport | InternalUpstreamTransport
>;

/** `envoy.config.core.v3.TransportSocket` of connections that a proxy accepts. */
export type DownstreamTransportSocket = TypedExtensionConfig<DownstreamTlsContext>;

/** `envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext`. */
export interface UpstreamTlsContext extends Any<'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'> {
  readonly commonTlsContext: CommonTlsContext;
  readonly sni?: string;
}

/** `envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext`. */
export interface DownstreamTlsContext extends Any<'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'> {
  readonly commonTlsContext: CommonTlsContext;
  readonly requireClientCertificate?: boolean;
}

/** `envoy.extensions.transport_sockets.tls.v3.CommonTlsContext`. */
export interface CommonTlsContext {
  readonly tlsParams?: TlsParameters;
  readonly alpnProtocols?: readonly string[];
  readonly tlsCertificateSdsSecretConfigs?: readonly SdsSecretConfig[];
  readonly validationContext?: CertificateValidationContext;
  readonly combinedValidationContext?: CombinedValidationContext;
}

/** `envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext`. */
export interface CombinedValidationContext {
  readonly defaultValidationContext: CertificateValidationContext;
  readonly validationContextSdsSecretConfig: SdsSecretConfig;
}

/** `envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext`. */
export interface CertificateValidationContext {
  /** Deprecated by Envoy, but written by istiod; replaced by `matchTypedSubjectAltNames`. */
  readonly matchSubjectAltNames?: readonly StringMatcher[];
  readonly matchTypedSubjectAltNames?: readonly SubjectAltNameMatcher[];
  readonly crl?: DataSource;
}

/** `envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher`. */
export interface SubjectAltNameMatcher {
  readonly sanType: 'URI';
  readonly matcher: StringMatcher;
}

/** `envoy.extensions.transport_sockets.tls.v3.TlsParameters`. */
export interface TlsParameters {
  readonly tlsMinimumProtocolVersion?: TlsProtocol;
  readonly tlsMaximumProtocolVersion?: TlsProtocol;
  readonly cipherSuites?: readonly string[];
  readonly ecdhCurves?: readonly string[];
}

/** `envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol`. */
export type TlsProtocol = 'TLS_AUTO' | 'TLSv1_0' | 'TLSv1_1' | 'TLSv1_2' | 'TLSv1_3';

/** `envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig`. */
export interface SdsSecretConfig {
  readonly name: string;
  readonly sdsConfig: ConfigSource;
}

/** `envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer`. */
export type RawBuffer = Any<'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer'>;

/** `envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport`. */
export interface ProxyProtocolUpstreamTransport
  extends Any<'envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport'> {
  /** `envoy.config.core.v3.ProxyProtocolConfig`; absent: V1. */
  readonly config: { readonly version?: 'V1' | 'V2' };
  readonly transportSocket: UpstreamTransportSocket;
}

/** `envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport`. */
export interface InternalUpstreamTransport
  extends Any<'envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport'> {
  readonly passthroughMetadata?: readonly MetadataValueSource[];
  readonly transportSocket: UpstreamTransportSocket;
}

/** `envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport.MetadataValueSource`. */
export interface MetadataValueSource {
  readonly kind: { readonly host?: Empty; readonly cluster?: Empty };
  readonly name: string;
}

/** `envoy.config.cluster.v3.Cluster.TransportSocketMatch`. */
export interface TransportSocketMatch {
  readonly name: string;
  /** What the metadata of an endpoint must have. */
  readonly match: Empty | { readonly tlsMode: string } | { readonly tunnel: string };
  readonly transportSocket: UpstreamTransportSocket;
}
