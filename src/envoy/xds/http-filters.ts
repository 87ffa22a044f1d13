import type { Any } from './core';
import type { StringMatcher } from './matcher';
import type { Duration, FractionalPercent, RuntimeFractionalPercent, UInt64Value } from './proto-values';

/** `envoy.extensions.filters.http.fault.v3.HTTPFault`. */
export interface HTTPFault extends Any<'envoy.extensions.filters.http.fault.v3.HTTPFault'> {
  readonly delay?: FaultDelay;
  readonly abort?: FaultAbort;
}

/** `envoy.extensions.filters.common.fault.v3.FaultDelay`. */
export interface FaultDelay {
  readonly fixedDelay?: Duration;
  readonly percentage?: FractionalPercent;
}

/** `envoy.extensions.filters.http.fault.v3.FaultAbort`. */
export interface FaultAbort {
  readonly httpStatus?: number;
  readonly grpcStatus?: number;
  readonly percentage?: FractionalPercent;
}

/** `envoy.extensions.filters.http.cors.v3.CorsPolicy`: a route's. */
export interface CorsPolicy extends Any<'envoy.extensions.filters.http.cors.v3.CorsPolicy'> {
  readonly allowOriginStringMatch?: readonly StringMatcher[];
  readonly allowMethods?: string;
  readonly allowHeaders?: string;
  readonly exposeHeaders?: string;
  readonly maxAge?: UInt64Value;
  readonly allowCredentials?: boolean;
  readonly filterEnabled?: RuntimeFractionalPercent;
  readonly forwardNotMatchingPreflights?: boolean;
}

/** `envoy.extensions.filters.http.cors.v3.Cors`: the filter's. */
export type Cors = Any<'envoy.extensions.filters.http.cors.v3.Cors'>;

/** `envoy.extensions.filters.http.router.v3.Router`. */
export type Router = Any<'envoy.extensions.filters.http.router.v3.Router'>;

/** What routes state for filters of HTTP, by the filter's name. */
export interface TypedPerFilterConfig {
  readonly 'envoy.filters.http.fault'?: HTTPFault;
  readonly 'envoy.filters.http.cors'?: CorsPolicy;
}
