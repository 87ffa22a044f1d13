import type { HTTPFaultInjection, HTTPFaultInjectionAbort } from '../../manifest/istio-specs.generated';
import { message, typed } from '../message';
import type { FaultAbort, HTTPFault } from '../xds/http-filters';
import { durationOf, fractionalPercentOf } from '../xds/proto-values';

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

/** Istio's fault injection as a route's configuration of Envoy's fault filter. */
export function faultConfig({ delay, abort }: HTTPFaultInjection): HTTPFault {
  return typed<HTTPFault>('envoy.extensions.filters.http.fault.v3.HTTPFault', {
    delay: delay?.fixedDelay === undefined ? undefined : {
      fixedDelay: durationOf(delay.fixedDelay),
      percentage: delay.percentage ? fractionalPercentOf(delay.percentage) : message({ numerator: delay.percent || undefined }),
    },
    abort: abort && abortConfig(abort),
  });
}

function abortConfig({ httpStatus, grpcStatus, percentage }: HTTPFaultInjectionAbort): FaultAbort | undefined {
  const status = httpStatus !== undefined ? { httpStatus }
    : grpcStatus !== undefined ? { grpcStatus: GRPC_STATUS[grpcStatus] ?? 0 } : undefined;
  return status && message({ ...status, percentage: percentage && fractionalPercentOf(percentage) });
}
