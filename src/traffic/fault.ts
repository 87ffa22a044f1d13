import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { percentProblem } from './number';
import type { Problem } from './problem';

/**
 * Requests that are held up before they are sent on.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Delay
 */
export interface FaultDelay {
  /** How long. It does not count against the timeout of the request. */
  readonly fixedDelay: Duration;
  /** The share of requests, in percent from 0 to 100. Required, since Istio's own default is 0: nobody. */
  readonly percentage: number;
}

/**
 * Requests that are answered with an error, and not sent on. They are never retried.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection-Abort
 */
export interface FaultAbort {
  /**
   * The HTTP status, from 200 to 599. Either this or `grpcStatus`.
   * @default - none
   */
  readonly httpStatus?: number;
  /**
   * The gRPC status by name, such as `UNAVAILABLE`. Either this or `httpStatus`.
   * @default - none
   */
  readonly grpcStatus?: string;
  /** The share of requests, in percent from 0 to 100. Required, since Istio's own default is 0: nobody. */
  readonly percentage: number;
}

/** The statuses of gRPC by name. */
export const GRPC_STATUSES: readonly string[] = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

function shareProblem(what: string, percentage: number | undefined): Problem {
  if (percentage === undefined) return `${what} is missing; state it, since Istio's default of 0 % concerns nobody`;
  if (percentage === 0) return `${what} is 0, which concerns nobody; state the share, or leave the fault out`;
  return percentProblem(what, percentage);
}

/** What is wrong with a delay, if anything. */
export function delayProblem({ fixedDelay, percentage }: FaultDelay): Problem {
  if (!fixedDelay) return 'delay.fixedDelay is missing; state how long';
  return durationProblem('delay.fixedDelay', fixedDelay) ?? shareProblem('delay.percentage', percentage);
}

/** What is wrong with an abort, if anything. */
export function abortProblem({ httpStatus, grpcStatus, percentage }: FaultAbort): Problem {
  if ((httpStatus === undefined) === (grpcStatus === undefined)) return 'abort takes one of httpStatus and grpcStatus; state just one';
  if (httpStatus !== undefined && (!Number.isInteger(httpStatus) || httpStatus < 200 || httpStatus > 599)) return `abort.httpStatus is ${httpStatus}; use a status from 200 to 599`;
  if (grpcStatus !== undefined && !GRPC_STATUSES.includes(grpcStatus)) return `abort.grpcStatus '${grpcStatus}' is not a status of gRPC; use one of ${GRPC_STATUSES.join(', ')}`;
  return shareProblem('abort.percentage', percentage);
}

/** A delay as Istio writes it. */
export function istioDelay({ fixedDelay, percentage }: FaultDelay): object {
  return { fixedDelay: istioDuration(fixedDelay), percentage: { value: percentage } };
}

/** An abort as Istio writes it. */
export function istioAbort({ percentage, ...status }: FaultAbort): object {
  return { ...status, percentage: { value: percentage } };
}
