import { enforcedAction } from '../../facts/access-rules';
import type { AttributeValues } from '../../facts/access-values';
import { attributesOf } from '../../facts/access-values';
import { gatewayApiNameOf } from '../../facts/gateway-api-pods';
import { gatewayPods } from '../../facts/gateways';
import { isWide, namesTarget, podsOfPolicy, scopeOf } from '../../facts/policy-pods';
import { ambientNamespaces } from '../../facts/sidecars';
import type { Workload } from '../../facts/workloads';
import { containersOf } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** What ztunnel knows of a connection. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'ipBlocks', 'ports', 'source.ip', 'source.namespace', 'source.principal',
  'destination.ip', 'destination.port',
]);

export const rule = defineRule({
  id: 'http-rule-in-ambient-namespace',
  codes: ['KIA0110'],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Namespace'],
  title: 'A rule about requests applies to pods in ambient mode, whose ztunnel reads no requests',
  effect: 'istiod omits an ALLOW rule with a condition on requests, which then lets no connection in. A DENY rule loses these conditions; if '
    + 'none are left, ztunnel denies nothing by it. CUSTOM and AUDIT policies have no effect.',
  check(object, report, index) {
    const [scope, action] = [scopeOf(object, index), enforcedAction(object)];
    if (scope === undefined || action === undefined || namesTarget(object) || !index.memo(ambientNamespaces).has(scope)) return;
    const pods = podsOfPolicy(object, index);
    if (pods.length > 0 ? !pods.some(pod => isBehindZtunnel(pod, index)) : !isWide(object)) return;
    const repair = 'name the Service in targetRefs, and give the namespace a waypoint, which reads requests';
    if (action === 'CUSTOM' || action === 'AUDIT') {
      report('spec.action', `the pods in '${scope}' run in ambient mode, and ztunnel ignores ${action} policies: this one has no effect`, repair);
      return;
    }
    for (const attribute of attributesOf(object).filter(({ key }) => !OF_CONNECTIONS.has(key))) {
      const effect = action === 'ALLOW' ? 'omits the rule, which lets no connection in' : 'drops the condition';
      report(placeOf(attribute), `the pods in '${scope}' run in ambient mode, and ztunnel does not read '${attribute.key}': istiod ${effect}`, repair);
    }
  },
});

function placeOf({ values, path, notPath }: AttributeValues): string {
  return values.length > 0 ? path : notPath;
}

/** Whether ztunnel takes the connections of pods: they have no proxy of their own. */
function isBehindZtunnel(pod: Workload, index: TrafficIndex): boolean {
  const hasProxy = containersOf(pod).some(({ name }) => name === 'istio-proxy');
  return !hasProxy && !gatewayPods(index).has(pod) && gatewayApiNameOf(pod) === undefined
    && pod.labels['istio.io/dataplane-mode'] !== 'none' && pod.labels['sidecar.istio.io/inject'] !== 'true';
}
