import type { OutlierDetection as StatedDetection } from '../../manifest/istio-specs.generated';
import type { OutlierDetection } from '../xds/cluster';
import { durationOf } from '../xds/proto-values';

/** Ejection by consecutive errors; Istio switches off ejection by success rate. 0 switches a detector off; absent is Envoy's default. */
export function outlierDetection(stated: StatedDetection): OutlierDetection {
  const { consecutive5xxErrors, consecutiveGatewayErrors, interval, baseEjectionTime, maxEjectionPercent } = stated;
  return {
    enforcingSuccessRate: 0,
    ...(consecutive5xxErrors === undefined ? {} : {
      consecutive5xx: consecutive5xxErrors, enforcingConsecutive5xx: enforcing(consecutive5xxErrors),
    }),
    ...(consecutiveGatewayErrors === undefined ? {} : {
      consecutiveGatewayFailure: consecutiveGatewayErrors, enforcingConsecutiveGatewayFailure: enforcing(consecutiveGatewayErrors),
    }),
    ...(interval === undefined ? {} : { interval: durationOf(interval) }),
    ...(baseEjectionTime === undefined ? {} : { baseEjectionTime: durationOf(baseEjectionTime) }),
    ...(maxEjectionPercent !== undefined && maxEjectionPercent > 0 ? { maxEjectionPercent } : {}),
    ...(stated.splitExternalLocalOriginErrors ? localErrors(stated) : {}),
  };
}

/** Connection errors, counted separately from error responses. */
function localErrors({ consecutiveLocalOriginFailures: failures }: StatedDetection): OutlierDetection {
  return {
    splitExternalLocalOriginErrors: true,
    ...(failures ? { consecutiveLocalOriginFailure: failures, enforcingConsecutiveLocalOriginFailure: 100 } : {}),
    enforcingLocalOriginSuccessRate: 0,
  };
}

function enforcing(errors: number): number {
  return errors > 0 ? 100 : 0;
}
