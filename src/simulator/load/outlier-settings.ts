import type { Cluster } from '../../envoy/xds/cluster';
import { milliseconds } from '../../envoy/xds/proto-values';

/** When Envoy ejects an endpoint, and for how long. */
export interface OutlierSettings {
  /** The number of consecutive 5xx responses that eject. Undefined if they never do. */
  readonly consecutive5xx?: number;
  /** The number of consecutive gateway errors (502, 503, 504) that eject. */
  readonly consecutiveGatewayFailure?: number;
  /** The number of consecutive failures to connect that eject, if they are counted separately. */
  readonly consecutiveLocalOriginFailure?: number;
  readonly splitsLocalOrigin: boolean;
  readonly intervalMs: number;
  readonly baseEjectionMs: number;
  readonly maxEjectionMs: number;
  readonly maxEjectionPercent: number;
  /** Updates within this time after the last one are delayed by this time and merged. */
  readonly mergeMs: number;
}

/** Undefined if a cluster has no outlier detection. */
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
