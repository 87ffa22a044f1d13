import { clusterSettings } from '../diff/cluster-settings';
import type { RouteTreatment } from '../diff/route-treatment';
import type { Cluster } from '../envoy/xds/cluster';

/** Short labels of a node, with their details. */
type Badges = readonly (readonly [text: string, details: string])[];

/** Istio's default retries. */
const USUAL_RETRIES = /^2 on (503, )?cancelled, connect-failure, refused-stream, (retriable-status-codes, )?unavailable$/;

/** What a route does besides routing. */
export function badgesOfTreatment({ aspects }: RouteTreatment): Badges {
  const { timeout, retries, fault, answer, rewrite } = aspects;
  const stated = (text: string | undefined): text is string => text !== undefined && text !== 'none';
  return [
    ...(stated(timeout) ? [[`timeout ${timeout}`, `timeout ${timeout}`] as const] : []),
    ...(stated(retries) && !USUAL_RETRIES.test(retries) ? [['retries', `retries ${retries}`] as const] : []),
    ...(stated(fault) ? [['fault', `fault: ${fault}`] as const] : []),
    ...(stated(answer) ? [[answer.startsWith('redirect') ? 'redirect' : 'answers itself', answer] as const] : []),
    ...(stated(rewrite) ? [['rewrite', `rewrites ${rewrite}`] as const] : []),
  ];
}

/** How a cluster treats its connections and requests. */
export function badgesOfCluster(cluster: Cluster): Badges {
  const { limits, 'outlier detection': outliers, TLS } = clusterSettings(cluster);
  return [
    ...(limits === undefined ? [] : [['circuit breaker', `limits, per calling proxy: ${limits}`] as const]),
    ...(outliers === undefined ? [] : [['outlier detection', outliers] as const]),
    ...(cluster.transportSocket ? [['TLS', TLS ?? 'TLS'] as const] : []),
  ];
}
