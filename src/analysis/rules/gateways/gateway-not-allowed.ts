import { actionOf, isDryRun } from '../../../envoy/access/authorization-policies';
import { describeObject } from '../../../manifest/kubernetes-object';
import { destinationsOf, isUnused } from '../../facts/destinations';
import { excludes, identityOf } from '../../facts/excluded-callers';
import { gatewaysOf, podsOf } from '../../facts/gateways';
import type { Sender } from '../../facts/obeyed-routes';
import { isRouteFor } from '../../facts/obeyed-routes';
import { policiesOf } from '../../facts/policy-pods';
import { isService } from '../../facts/registry';
import { takesAllRequests } from '../../facts/sidecar-pods';
import { translatedMesh } from '../../facts/translated-mesh';
import type { VirtualService } from '../../facts/virtual-services';
import { routesIn } from '../../facts/virtual-services';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'gateway-not-allowed',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Gateway', 'Service', 'Workload'],
  title: 'The policies of a service do not allow the gateway that sends to it',
  effect: 'The sidecars of its pods answer every request of the gateway with 403.',
  check(object, report, index) {
    const gateways = gatewayCallers(object, index);
    if (gateways.length === 0) return;
    for (const destination of destinationsOf(object, index)) {
      if (destination.mirror || isUnused(destination, object)) continue;
      const route = routesIn(object, destination.block)[destination.route];
      const callers = gateways.filter(caller => isRouteFor(object, route, caller, index)).map(({ pod }) => pod);
      if (callers.length === 0) continue;
      const pods = calledPods(destination.host, index);
      const policies = pods.map(pod => lockingPolicies(pod, callers, index));
      if (pods.length === 0 || !policies.every(found => found.length > 0)) continue;
      const { namespace, serviceAccount = 'NAME' } = identityOf(callers[0]);
      const names = [...new Set(policies.flat().map(describeObject))];
      report(destination.path, `${names.join(' and ')} ${names.length === 1 ? 'allows' : 'allow'} only other callers, `
        + `not the gateway's service account ${serviceAccount} in ${namespace}`,
      `add the principal ${index.meshConfig.trustDomain}/ns/${namespace}/sa/${serviceAccount} to a rule`, {
        absent: { kind: 'AuthorizationPolicy', namespaces: [pods[0].namespace] },
      });
    }
  },
});

/** Pods that serve a Gateway, as callers. */
interface GatewayCaller extends Sender {
  readonly pod: Workload;
}

/** The pods that serve the Gateways of a VirtualService. */
function gatewayCallers(object: VirtualService, index: TrafficIndex): readonly GatewayCaller[] {
  return gatewaysOf(object, index).flatMap(({ key, gateway }) => (gateway ? podsOf(gateway, index) : []).map(pod => (
    { pod, proxy: { type: 'gateway', namespace: pod.namespace, labels: pod.labels }, serves: new Set([key]) })));
}

/** The pods behind a host whose sidecars take all of its requests. */
function calledPods(host: string, index: TrafficIndex): readonly Workload[] {
  const services = index.registry.named(host).filter(isService);
  return services.flatMap(({ selector, namespace }) => (selector ? index.workloads.selectedBy(selector, namespace) : []))
    .filter(pod => takesAllRequests(pod, index));
}

/** The ALLOW policies of a pod, if none of them can match a gateway; empty if a gateway may call. */
function lockingPolicies(pod: Workload, gateways: readonly Workload[], index: TrafficIndex) {
  const { authorizationPolicies, meshConfig: { trustDomain, trustDomainAliases = [] } } = translatedMesh(index);
  if (authorizationPolicies.isEmpty) return [];
  const allowing = policiesOf(pod, index).filter(policy => actionOf(policy) === 'ALLOW' && !isDryRun(policy));
  const domains = index.has('MeshConfig') ? [trustDomain, ...trustDomainAliases, 'cluster.local'] : undefined;
  return gateways.every(gateway => allowing.every(policy => excludes(policy, identityOf(gateway), domains))) ? allowing : [];
}
