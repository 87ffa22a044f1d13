import type { Any, DataSource, HeaderMutations, Metadata, TypedExtensionConfig } from './core';
import type { TypedPerFilterConfig } from './http-filters';
import type { HeaderMatcher, MetadataMatcher, QueryParameterMatcher, RegexMatchAndSubstitute, RegexMatcher } from './matcher';
import type { Duration, Empty, RuntimeFractionalPercent, UInt32Value, UInt64Value } from './proto-values';

/** `envoy.config.route.v3.RouteConfiguration`. */
export interface RouteConfiguration extends HeaderMutations {
  readonly name: string;
  readonly virtualHosts?: readonly VirtualHost[];
  readonly validateClusters?: boolean;
  readonly maxDirectResponseBodySizeBytes?: UInt32Value;
  readonly ignorePortInHostMatching?: boolean;
}

/** `envoy.config.route.v3.VirtualHost`. */
export interface VirtualHost extends HeaderMutations {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes?: readonly Route[];
  readonly requireTls?: 'NONE' | 'EXTERNAL_ONLY' | 'ALL';
  readonly includeRequestAttemptCount?: boolean;
}

/** `envoy.config.route.v3.Route`: one of its actions is set. */
export interface Route extends HeaderMutations {
  readonly name?: string;
  readonly match: RouteMatch;
  readonly route?: RouteAction;
  readonly redirect?: RedirectAction;
  readonly directResponse?: DirectResponseAction;
  readonly metadata?: Metadata;
  readonly decorator?: Decorator;
  readonly statPrefix?: string;
  readonly typedPerFilterConfig?: TypedPerFilterConfig;
}

/** `envoy.config.route.v3.RouteMatch`: one condition on the path, and all of the others. */
export interface RouteMatch {
  readonly prefix?: string;
  readonly path?: string;
  readonly safeRegex?: RegexMatcher;
  readonly pathSeparatedPrefix?: string;
  readonly caseSensitive?: boolean;
  readonly headers?: readonly HeaderMatcher[];
  readonly queryParameters?: readonly QueryParameterMatcher[];
  readonly grpc?: Empty;
  readonly dynamicMetadata?: readonly MetadataMatcher[];
  /** Only CONNECT requests. */
  readonly connectMatcher?: Empty;
}

/** `envoy.config.route.v3.RouteAction`. */
export interface RouteAction {
  readonly cluster?: string;
  readonly clusterHeader?: string;
  readonly weightedClusters?: WeightedCluster;
  /** The status of requests for a cluster that the proxy does not have. Absent: 503. */
  readonly clusterNotFoundResponseCode?: 'SERVICE_UNAVAILABLE' | 'NOT_FOUND' | 'INTERNAL_SERVER_ERROR';
  readonly prefixRewrite?: string;
  readonly regexRewrite?: RegexMatchAndSubstitute;
  readonly hostRewriteLiteral?: string;
  readonly autoHostRewrite?: boolean;
  /** Absent: 15 seconds; 0: as long as it takes. */
  readonly timeout?: Duration;
  readonly maxGrpcTimeout?: Duration;
  readonly maxStreamDuration?: MaxStreamDuration;
  readonly retryPolicy?: RetryPolicy;
  readonly requestMirrorPolicies?: readonly RequestMirrorPolicy[];
  readonly hashPolicy?: readonly HashPolicy[];
  readonly upgradeConfigs?: readonly { readonly upgradeType: string; readonly connectConfig?: Empty }[];
}

/** `envoy.config.route.v3.RouteAction.MaxStreamDuration`. */
export interface MaxStreamDuration {
  readonly maxStreamDuration?: Duration;
  readonly grpcTimeoutHeaderMax?: Duration;
}

/** `envoy.config.route.v3.WeightedCluster`. */
export interface WeightedCluster { readonly clusters: readonly ClusterWeight[] }

/** `envoy.config.route.v3.WeightedCluster.ClusterWeight`. */
export interface ClusterWeight extends HeaderMutations {
  readonly name: string;
  readonly weight?: UInt32Value;
  readonly hostRewriteLiteral?: string;
}

/** `envoy.config.route.v3.RouteAction.RequestMirrorPolicy`. */
export interface RequestMirrorPolicy {
  readonly cluster: string;
  /** Absent: all requests. */
  readonly runtimeFraction?: RuntimeFractionalPercent;
  readonly traceSampled?: boolean;
  readonly disableShadowHostSuffixAppend?: boolean;
}

/** `envoy.config.route.v3.RouteAction.HashPolicy`: one of its keys is set. */
export interface HashPolicy {
  readonly header?: { readonly headerName: string };
  readonly cookie?: HashCookie;
  readonly connectionProperties?: { readonly sourceIp?: boolean };
  readonly queryParameter?: { readonly name: string };
}

/** `envoy.config.route.v3.RouteAction.HashPolicy.Cookie`. */
export interface HashCookie {
  readonly name: string;
  readonly ttl?: Duration;
  readonly path?: string;
  readonly attributes?: readonly { readonly name?: string; readonly value?: string }[];
}

/** `envoy.config.route.v3.RetryPolicy`. */
export interface RetryPolicy {
  readonly retryOn?: string;
  /** Absent: 1. */
  readonly numRetries?: UInt32Value;
  readonly perTryTimeout?: Duration;
  readonly retryPriority?: TypedExtensionConfig<PreviousPrioritiesConfig>;
  readonly retryHostPredicate?: readonly TypedExtensionConfig<PreviousHostsPredicate>[];
  readonly hostSelectionRetryMaxAttempts?: UInt64Value;
  readonly retriableStatusCodes?: readonly number[];
  readonly retryBackOff?: { readonly baseInterval?: Duration; readonly maxInterval?: Duration };
}

/** `envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate`. */
export type PreviousHostsPredicate = Any<'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'>;

/** `envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig`. */
export interface PreviousPrioritiesConfig extends Any<'envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig'> {
  readonly updateFrequency: number;
}

/** `envoy.config.route.v3.RedirectAction`. */
export interface RedirectAction {
  readonly httpsRedirect?: boolean;
  readonly schemeRedirect?: string;
  readonly hostRedirect?: string;
  readonly portRedirect?: number;
  readonly pathRedirect?: string;
  readonly prefixRewrite?: string;
  readonly regexRewrite?: RegexMatchAndSubstitute;
  readonly stripQuery?: boolean;
  /** Absent: `MOVED_PERMANENTLY`. */
  readonly responseCode?: RedirectResponseCode;
}

/** `envoy.config.route.v3.RedirectAction.RedirectResponseCode`. */
export type RedirectResponseCode = 'MOVED_PERMANENTLY' | 'FOUND' | 'SEE_OTHER' | 'TEMPORARY_REDIRECT' | 'PERMANENT_REDIRECT';

/** `envoy.config.route.v3.DirectResponseAction`. */
export interface DirectResponseAction {
  readonly status?: number;
  readonly body?: DataSource;
}

/** `envoy.config.route.v3.Decorator`: the name of the span. */
export interface Decorator { readonly operation: string }
