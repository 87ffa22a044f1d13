import type { Breach } from './breach';
import { clusterBreaches } from './cluster-breaches';
import { constraintBreaches } from './constraint-check';
import { statedPolicy } from './stated-clusters';
import type { ManifestOf } from '../../manifest/manifest';

/** What Envoy refuses for a value. */
export type Lost = 'route configuration' | 'cluster' | 'listener';

/** A value for which Envoy refuses a part of its configuration. */
export interface PolicyBreach {
  readonly breach: Breach;
  readonly lost: Lost;
}

const HASH = 'envoy.config.route.v3.RouteAction.HashPolicy';
const TCP_PROXY = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

/** The values that proxies get of a DestinationRule and that Envoy refuses. */
export function policyBreaches(object: ManifestOf<'DestinationRule'>): PolicyBreach[] {
  const { clusters, hashPolicies, tcpProxies } = statedPolicy(object);
  const lose = (lost: Lost, breaches: readonly Breach[]) => breaches.map(breach => ({ breach, lost }));
  return [
    ...clusters.flatMap(cluster => lose('cluster', clusterBreaches(cluster))),
    ...hashPolicies.flatMap(policy => lose('route configuration', constraintBreaches(policy, HASH))),
    ...tcpProxies.flatMap(proxy => lose('listener', constraintBreaches(proxy, TCP_PROXY))),
  ];
}
