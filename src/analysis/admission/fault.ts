import { statusProblem } from './status';
import { durationProblem } from './values';
import type { Objection, Verdict } from './verdict';
import type { HTTPFaultInjection, HTTPFaultInjectionAbort, HTTPFaultInjectionDelay, Percent } from '../../manifest/istio-specs.generated';
import { GRPC_STATUSES } from '../../traffic/fault';

function shareProblem({ value = 0 }: Percent = {}): Objection {
  return value === 0 || (value >= 0.0001 && value <= 100) ? undefined : [`is ${value} %`, 'use 0, or 0.0001 to 100'];
}

function checkAbort(verdict: Verdict, { percentage, grpcStatus, http2Error, httpStatus }: HTTPFaultInjectionAbort, path: string): void {
  verdict.error(`${path}.percentage`, shareProblem(percentage));
  if (grpcStatus !== undefined && !GRPC_STATUSES.includes(grpcStatus)) {
    verdict.error(`${path}.grpcStatus`, [`is '${grpcStatus}', which is not a valid gRPC status`, `use one of ${GRPC_STATUSES.join(', ')}`]);
  } else if (http2Error !== undefined) {
    verdict.error(`${path}.http2Error`, ['is not supported', 'use httpStatus']);
  } else if (httpStatus !== undefined) {
    verdict.error(`${path}.httpStatus`, statusProblem(httpStatus));
  } else if (grpcStatus === undefined) {
    verdict.warn(path, ['has no status, so Envoy aborts nothing', 'set httpStatus or grpcStatus']);
  }
}

function checkDelay(verdict: Verdict, { percentage, fixedDelay, exponentialDelay }: HTTPFaultInjectionDelay, path: string): void {
  verdict.error(`${path}.percentage`, shareProblem(percentage));
  verdict.error(`${path}.fixedDelay`, durationProblem(fixedDelay));
  if (exponentialDelay !== undefined) {
    verdict.error(`${path}.exponentialDelay`, ['is not supported', 'use fixedDelay'], durationProblem(exponentialDelay));
  }
}

/** Checks the fault of a route. */
export function checkFault(verdict: Verdict, { abort, delay }: HTTPFaultInjection, path: string): void {
  if (abort === undefined && delay === undefined) {
    verdict.error(path, ['has neither abort nor delay', 'set one of them, or remove the fault']);
  }
  if (abort !== undefined) checkAbort(verdict, abort, `${path}.abort`);
  if (delay !== undefined) checkDelay(verdict, delay, `${path}.delay`);
}
