import type { Any, GrpcService, TypedExtensionConfig } from './core';

/** `envoy.config.accesslog.v3.AccessLog`. */
export interface AccessLog extends TypedExtensionConfig<FileAccessLog | HttpGrpcAccessLogConfig | TcpGrpcAccessLogConfig> {
  readonly filter?: AccessLogFilter;
}

/** `envoy.config.accesslog.v3.AccessLogFilter`. */
export interface AccessLogFilter {
  readonly responseFlagFilter?: { readonly flags: readonly string[] };
  readonly statusCodeFilter?: { readonly comparison: ComparisonFilter };
  readonly andFilter?: { readonly filters: readonly AccessLogFilter[] };
  readonly extensionFilter?: TypedExtensionConfig<ExpressionFilter>;
}

/** `envoy.config.accesslog.v3.ComparisonFilter`. */
export interface ComparisonFilter {
  readonly op: 'EQ' | 'GE' | 'LE' | 'NE';
  readonly value: { readonly defaultValue: number; readonly runtimeKey: string };
}

/** `envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter`. */
export interface ExpressionFilter extends Any<'envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter'> {
  readonly expression?: string;
}

/** `envoy.extensions.access_loggers.file.v3.FileAccessLog`. */
export interface FileAccessLog extends Any<'envoy.extensions.access_loggers.file.v3.FileAccessLog'> {
  readonly path: string;
}

/** `envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig`. */
export interface HttpGrpcAccessLogConfig extends Any<'envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig'> {
  readonly commonConfig: CommonGrpcAccessLogConfig;
  readonly additionalRequestHeadersToLog?: readonly string[];
  readonly additionalResponseHeadersToLog?: readonly string[];
  readonly additionalResponseTrailersToLog?: readonly string[];
}

/** `envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig`. */
export interface TcpGrpcAccessLogConfig extends Any<'envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig'> {
  readonly commonConfig: CommonGrpcAccessLogConfig;
}

/** `envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig`. */
export interface CommonGrpcAccessLogConfig {
  readonly logName: string;
  readonly grpcService: GrpcService;
  readonly transportApiVersion: 'V3';
  readonly filterStateObjectsToLog?: readonly string[];
}
