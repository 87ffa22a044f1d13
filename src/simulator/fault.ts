import type { FaultAbort, HTTPFault } from '../envoy/xds/http-filters';
import { milliseconds, percentOf } from '../envoy/xds/proto-values';

/** What Envoy does to some of the requests, drawn for each on its own. */
export interface Fault {
  /** Held back before they go on. */
  readonly delay?: { readonly percent: number; readonly ms: number };
  /** Answered at once, whoever would have answered. */
  readonly abort?: { readonly percent: number; readonly status: number; readonly grpcStatus?: number };
}

/** The fault of a route's filter configuration; parts of 0 % are left out. */
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

/** A status of gRPC comes with 200, whatever the caller speaks. */
function abortStatus({ httpStatus = 0, grpcStatus }: FaultAbort): { status: number; grpcStatus?: number } {
  return grpcStatus === undefined ? { status: httpStatus } : { status: 200, grpcStatus };
}
