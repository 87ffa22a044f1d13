import type { FaultAbort, HTTPFault } from '../envoy/xds/http-filters';
import { milliseconds, percentOf } from '../envoy/xds/proto-values';

/** What Envoy does to a percentage of the requests, drawn per request. */
export interface Fault {
  /** The requests that are delayed before they are forwarded. */
  readonly delay?: { readonly percent: number; readonly ms: number };
  /** The requests that Envoy answers at once. */
  readonly abort?: { readonly percent: number; readonly status: number; readonly grpcStatus?: number };
}

/** The fault in a route's filter configuration, without faults of 0 %. */
export function faultOf(config: HTTPFault | undefined): Fault | undefined {
  if (config === undefined) return undefined;
  const { delay, abort } = config;
  const [delayed, aborted] = [percentOf(delay?.percentage), percentOf(abort?.percentage)];
  const fault: Fault = {
    ...(delayed > 0 && delay?.fixedDelay !== undefined && { delay: { percent: delayed, ms: milliseconds(delay.fixedDelay) } }),
    ...(aborted > 0 && abort && { abort: { percent: aborted, ...abortStatus(abort) } }),
  };
  return fault.delay || fault.abort ? fault : undefined;
}

/** A gRPC status is sent with HTTP status 200, to all callers. */
function abortStatus({ httpStatus = 0, grpcStatus }: FaultAbort): { status: number; grpcStatus?: number } {
  return grpcStatus === undefined ? { status: httpStatus } : { status: 200, grpcStatus };
}
