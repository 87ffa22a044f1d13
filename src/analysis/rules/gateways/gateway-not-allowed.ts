import { actionOf, isDryRun } from '../../../envoy/access/authorization-policies';
import { describeObject } from '../../../manifest/kubernetes-object';
import { destinationsOf, isUnused } from '../../facts/destinations';
import { excludes, identityOf } from '../../facts/excluded-callers';
import { gatewaysOf, podsOf } from '../../facts/gateways';
import { isService } from '../../facts/registry';
import { ambientNamespaces } from '../../facts/sidecars';
import { translatedMesh } from '../../facts/translated-mesh';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const INJECT = 'sidecar.istio.io/inject';

export const rule = defineRule({
  id: 'gateway-not-allowed',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Gateway', 'Service', 'Workload'],
  title: 'The policies of a service do not allow the gateway that sends to it',
  effect: 'The sidecars of its pods answer every request of the gateway with 403.',
  check(object, report, index) {
    const gateways = gatewaysOf(object, index).flatMap(({ gateway }) => gateway ?? []).flatMap(gateway => podsOf(gateway, index));
    if (gateways.length === 0) return;
    for (const destination of destinationsOf(object, index)) {
      if (destination.mirror || isUnused(destination, object)) continue;
      const pods = calledPods(destination.host, index);
      const policies = pods.map(pod => lockingPolicies(pod, gateways, index));
      if (pods.length === 0 || !policies.every(found => found.length > 0)) continue;
      const { namespace, serviceAccount } = identityOf(gateways[0]);
      report(destination.path, `${[...new Set(policies.flat().map(describeObject))].join(' and ')}: other callers only are allowed, `
        + `not the gateway's service account ${serviceAccount} in ${namespace}`,
      `add the principal cluster.local/ns/${namespace}/sa/${serviceAccount} to a rule`, {
        absent: { kind: 'AuthorizationPolicy', namespaces: [pods[0].namespace] },
      });
    }
  },
});

/** The pods with a sidecar behind a host. */
function calledPods(host: string, index: TrafficIndex): readonly Workload[] {
  const services = index.registry.named(host).filter(isService);
  return services.flatMap(({ selector, namespace }) => (selector ? index.workloads.selectedBy(selector, namespace) : []))
    .filter(({ namespace, labels, annotations }) => !index.memo(ambientNamespaces).has(namespace)
      && (labels[INJECT] ?? annotations[INJECT]) !== 'false');
}

/** The ALLOW policies of a pod, if none of them can match a gateway; empty if a gateway may call. */
function lockingPolicies(pod: Workload, gateways: readonly Workload[], index: TrafficIndex) {
  const { authorizationPolicies, meshConfig: { trustDomain, trustDomainAliases = [] } } = translatedMesh(index);
  if (authorizationPolicies.isEmpty) return [];
  const allowing = authorizationPolicies.of({ type: 'sidecar', namespace: pod.namespace, labels: pod.labels })
    .filter(policy => actionOf(policy) === 'ALLOW' && !isDryRun(policy));
  const domains = [trustDomain, ...trustDomainAliases, 'cluster.local'];
  return gateways.every(gateway => allowing.every(policy => excludes(policy, identityOf(gateway), domains))) ? allowing : [];
}
