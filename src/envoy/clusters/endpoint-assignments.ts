import { byLocality } from './load-assignment';
import type { LocalityEndpoints } from './load-assignment';
import type { LocalityPreference } from './locality-load-balancer';
import { applyLocalities, localityBalancingOf, localityPreference } from './locality-load-balancer';
import type { ClusterContext } from './target';
import type { Subset } from '../../manifest/istio-specs.generated';
import { selects } from '../../manifest/labels';
import type { DestinationRule } from '../destination-rules';
import { isIpAddress } from '../kubernetes-services';
import type { Service, ServicePort } from '../service';
import { policyOfPort, policyOfSubset } from '../traffic-policy';

/** What istiod sends of the endpoints of a cluster. */
export interface EndpointAssignment {
  /** The endpoints, with the localities' priorities and weights for the proxy. */
  readonly localities: readonly LocalityEndpoints[];
  readonly preference?: LocalityPreference;
}

/** The endpoints that istiod sends for the cluster of a port or subset. */
export function endpointAssignment(
  service: Service, port: ServicePort, rule: DestinationRule | undefined, subset: Subset | undefined, context: ClusterContext,
): EndpointAssignment {
  const labels = subset?.labels ?? {};
  const chosen = context.registry.endpoints(service, port).filter(endpoint => isReachable(endpoint) && selects(labels, endpoint.labels));
  const localities = byLocality(chosen);
  const policy = policyOfSubset(policyOfPort(rule?.trafficPolicy, port.number), subset?.trafficPolicy, port.number);
  const balancing = localityBalancingOf(context.proxy, policy?.loadBalancer, service, context.meshConfig);
  const detectsOutliers = policy?.outlierDetection !== undefined;
  return {
    localities: applyLocalities(localities, balancing, detectsOutliers, context.proxy),
    preference: localityPreference(balancing, detectsOutliers),
  };
}

/** istiod sends addresses only; Envoy looks up no name that it gets by EDS. */
function isReachable({ address, port }: { readonly address: string; readonly port: number }): boolean {
  return address === '' || port === 0 || isIpAddress(address);
}
