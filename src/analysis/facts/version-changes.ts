import type { IstioVersion } from '../../envoy/istio-versions';
import { istioVersion, PINNED } from '../../envoy/istio-versions';
import type { TrafficIndex } from '../traffic-index';

/** Whether the pinned version of Istio does something differently than the version that the cluster is upgraded from. */
export function changesInUpgrade({ upgradesFrom }: TrafficIndex, field: keyof IstioVersion): boolean {
  const from = upgradesFrom === undefined ? undefined : istioVersion(upgradesFrom);
  return from !== undefined && JSON.stringify(from[field]) !== JSON.stringify(istioVersion(PINNED)?.[field]);
}
