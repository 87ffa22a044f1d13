import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { percentProblem } from './number';
import type { Problem } from './problem';

/**
 * Delays requests before they are forwarded.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Delay
 */
export interface FaultDelay {
  /** The length of the delay. It does not count toward the timeout of the request. */
  readonly fixedDelay: Duration;
  /** The share of requests, in percent above 0 and up to 100. Required, because Istio's default is 0. */
  readonly percentage: number;
}

/**
 * Responds to requests with an error instead of forwarding them. Envoy does not retry them.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Abort
 */
export interface FaultAbort {
  /**
   * The HTTP status, from 200 to 599. Set either this or `grpcStatus`.
   * @default - none
   */
  readonly httpStatus?: number;
  /**
   * The name of the gRPC status, such as `UNAVAILABLE`. Set either this or `httpStatus`.
   * @default - none
   */
  readonly grpcStatus?: string;
  /** The share of requests, in percent above 0 and up to 100. Required, because Istio's default is 0. */
  readonly percentage: number;
}

/** The names of the gRPC statuses; the index is the code. */
export const GRPC_STATUSES: readonly string[] = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

function shareProblem(what: string, percentage: number): Problem {
  if (percentage === 0) return `${what} is 0, which affects no request; set the share, or omit the fault`;
  return percentProblem(what, percentage);
}

/** The problem of a delay. */
export function delayProblem({ fixedDelay, percentage }: FaultDelay): Problem {
  return durationProblem('delay.fixedDelay', fixedDelay) ?? shareProblem('delay.percentage', percentage);
}

/** The problem of an abort. */
export function abortProblem({ httpStatus, grpcStatus, percentage }: FaultAbort): Problem {
  if ((httpStatus === undefined) === (grpcStatus === undefined)) {
    return 'abort needs exactly one of httpStatus and grpcStatus; set one of them';
  }
  if (httpStatus !== undefined && (!Number.isInteger(httpStatus) || httpStatus < 200 || httpStatus > 599)) {
    return `abort.httpStatus is ${httpStatus}; use a status from 200 to 599`;
  }
  if (grpcStatus !== undefined && !GRPC_STATUSES.includes(grpcStatus)) {
    return `abort.grpcStatus '${grpcStatus}' is not a gRPC status; use one of ${GRPC_STATUSES.join(', ')}`;
  }
  return shareProblem('abort.percentage', percentage);
}

/** A delay in Istio's form. */
export function istioDelay({ fixedDelay, percentage }: FaultDelay): object {
  return { fixedDelay: istioDuration(fixedDelay), percentage: { value: percentage } };
}

/** An abort in Istio's form. */
export function istioAbort({ percentage, ...status }: FaultAbort): object {
  return { ...status, percentage: { value: percentage } };
}
