import type { Json } from '../envoy/proxy-config';

/** What Envoy does to some of the requests, drawn for each on its own. */
export interface Fault {
  /** Held back before they go on. */
  readonly delay?: { readonly percent: number; readonly ms: number };
  /** Answered at once, whoever would have answered. */
  readonly abort?: { readonly percent: number; readonly status: number; readonly grpcStatus?: number };
}

/** The fault of a route's filter configuration; parts of 0 % are left out. */
export function faultOf(config: Json): Fault | undefined {
  if (config === undefined) return undefined;
  const delay = percentOf(config.delay?.percentage);
  const abort = percentOf(config.abort?.percentage);
  const fault: Fault = {
    ...(delay > 0 && config.delay.fixedDelay !== undefined && { delay: { percent: delay, ms: milliseconds(config.delay.fixedDelay) } }),
    ...(abort > 0 && { abort: { percent: abort, ...abortStatus(config.abort) } }),
  };
  return fault.delay || fault.abort ? fault : undefined;
}

/** A FractionalPercent in percent. */
export function percentOf(fraction: Json): number {
  if (fraction === undefined) return 0;
  const denominator = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 }[(fraction.denominator ?? 'HUNDRED') as 'HUNDRED']!;
  return Math.min(100, 100 * (fraction.numerator ?? 0) / denominator);
}

/** A duration of proto JSON, such as `0.500s`. */
export function milliseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : Number((parseFloat(duration) * 1000).toFixed(6));
}

/** A status of gRPC comes with 200, whatever the caller speaks. */
function abortStatus({ httpStatus, grpcStatus }: Json): { status: number; grpcStatus?: number } {
  return grpcStatus === undefined ? { status: httpStatus } : { status: 200, grpcStatus };
}
