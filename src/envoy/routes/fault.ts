import { asProtoDuration } from '../../manifest/duration';
import { message, typed } from '../message';
import type { Json } from '../proxy-config';

const GRPC_STATUS: { readonly [name: string]: number } = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

/** Istio's fault injection as the route's configuration of Envoy's fault filter. */
export function faultConfig({ delay, abort }: Json): Json {
  return typed('envoy.extensions.filters.http.fault.v3.HTTPFault', {
    delay: delay?.fixedDelay === undefined ? undefined : {
      fixedDelay: asProtoDuration(delay.fixedDelay),
      percentage: delay.percentage ? fraction(delay.percentage) : message({ numerator: delay.percent || undefined }),
    },
    abort: abortConfig(abort),
  });
}

function abortConfig(abort: Json): Json {
  const status = abort?.httpStatus !== undefined ? { httpStatus: Number(abort.httpStatus) }
    : abort?.grpcStatus !== undefined ? { grpcStatus: GRPC_STATUS[abort.grpcStatus] ?? 0 } : undefined;
  return status && message({ ...status, percentage: abort.percentage && fraction(abort.percentage) });
}

/** Percent as Envoy counts it: in millionths. */
export function fraction({ value = 0 }: { value?: number }): Json {
  return message({ numerator: Math.trunc(value * 10000) || undefined, denominator: 'MILLION' });
}
