import type { Cluster } from '../../envoy/xds/cluster';
import { milliseconds } from '../../envoy/xds/proto-values';

/** When Envoy leaves an endpoint alone, and for how long. */
export interface OutlierSettings {
  /** So many answers of 5xx one after the other eject; undefined where they never do. */
  readonly consecutive5xx?: number;
  /** The same of 502, 503 and 504. */
  readonly consecutiveGatewayFailure?: number;
  /** The same of failures to connect, where they are told apart from answers. */
  readonly consecutiveLocalOriginFailure?: number;
  readonly splitsLocalOrigin: boolean;
  readonly intervalMs: number;
  readonly baseEjectionMs: number;
  readonly maxEjectionMs: number;
  readonly maxEjectionPercent: number;
  /** Changes that come sooner than this after the last are held back as long, and taken together. */
  readonly mergeMs: number;
}

/** Undefined where a cluster ejects nobody. */
export function outlierSettingsOf({ outlierDetection, commonLbConfig }: Cluster): OutlierSettings | undefined {
  if (outlierDetection === undefined) return undefined;
  const {
    consecutive5xx = 5, enforcingConsecutive5xx = 100, consecutiveGatewayFailure = 5, enforcingConsecutiveGatewayFailure = 0,
    consecutiveLocalOriginFailure = 5, enforcingConsecutiveLocalOriginFailure = 100, splitExternalLocalOriginErrors = false,
    interval = '10s', baseEjectionTime = '30s', maxEjectionTime = '300s', maxEjectionPercent = 10,
  } = outlierDetection;
  const base = milliseconds(baseEjectionTime);
  return {
    ...(enforcingConsecutive5xx > 0 && consecutive5xx > 0 && { consecutive5xx }),
    ...(enforcingConsecutiveGatewayFailure > 0 && consecutiveGatewayFailure > 0 && { consecutiveGatewayFailure }),
    ...(splitExternalLocalOriginErrors && enforcingConsecutiveLocalOriginFailure > 0 && { consecutiveLocalOriginFailure }),
    splitsLocalOrigin: splitExternalLocalOriginErrors,
    intervalMs: milliseconds(interval),
    baseEjectionMs: base,
    maxEjectionMs: Math.max(milliseconds(maxEjectionTime), base),
    maxEjectionPercent,
    mergeMs: milliseconds(commonLbConfig?.updateMergeWindow ?? '1s'),
  };
}
