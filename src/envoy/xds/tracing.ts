import type { Any, GrpcService, HeaderValueOption, HttpUri, TypedExtensionConfig } from './core';
import type { Empty, Percent, UInt32Value } from './proto-values';

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing`. */
export interface Tracing {
  readonly provider?: TypedExtensionConfig<TracingProvider>;
  readonly spawnUpstreamSpan?: boolean;
  readonly maxPathTagLength?: UInt32Value;
  readonly noContextPropagation?: boolean;
  readonly clientSampling?: Percent;
  readonly randomSampling?: Percent;
  readonly overallSampling?: Percent;
  readonly customTags?: readonly CustomTag[];
}

/** The messages of `envoy.config.trace.v3.Tracing.Http`. */
export type TracingProvider = ZipkinConfig | DatadogConfig | SkyWalkingConfig | OpenTelemetryConfig;

/** `envoy.config.trace.v3.ZipkinConfig`. */
export interface ZipkinConfig extends Any<'envoy.config.trace.v3.ZipkinConfig'> {
  readonly collectorEndpointVersion: 'HTTP_JSON';
  readonly traceId128bit?: boolean;
  readonly sharedSpanContext?: boolean;
  readonly traceContextOption?: 'USE_B3' | 'USE_B3_WITH_W3C_PROPAGATION';
  readonly collectorService?: { readonly httpUri: HttpUri; readonly requestHeadersToAdd?: readonly HeaderValueOption[] };
}

/** `envoy.config.trace.v3.DatadogConfig`. */
export interface DatadogConfig extends Any<'envoy.config.trace.v3.DatadogConfig'> {
  readonly collectorCluster: string;
  readonly collectorHostname?: string;
}

/** `envoy.config.trace.v3.SkyWalkingConfig`. */
export interface SkyWalkingConfig extends Any<'envoy.config.trace.v3.SkyWalkingConfig'> {
  readonly grpcService: GrpcService;
}

/** `envoy.config.trace.v3.OpenTelemetryConfig`. */
export interface OpenTelemetryConfig extends Any<'envoy.config.trace.v3.OpenTelemetryConfig'> {
  readonly grpcService: GrpcService;
}

/** `envoy.type.tracing.v3.CustomTag`: one of its sources is set. */
export interface CustomTag {
  readonly tag: string;
  readonly literal?: { readonly value?: string };
  readonly environment?: { readonly name?: string; readonly defaultValue?: string };
  readonly requestHeader?: { readonly name?: string; readonly defaultValue?: string };
  readonly metadata?: MetadataTag;
  readonly value?: string;
}

/** `envoy.type.tracing.v3.CustomTag.Metadata`. */
export interface MetadataTag {
  readonly kind: { readonly request: Empty };
  readonly metadataKey: { readonly key: string; readonly path: readonly { readonly key: string }[] };
}
