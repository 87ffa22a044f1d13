import type { AuthorizationRule } from '../../../manifest/istio-specs.generated';
import { enforcedAction, rulesOf } from '../../facts/access-rules';
import type { AttributeValues } from '../../facts/access-values';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, lostWith, placeOf } from '../../facts/connection-attributes';
import { gatewayApiNameOf } from '../../facts/gateway-api-pods';
import { gatewayPods } from '../../facts/gateways';
import type { PodPolicy } from '../../facts/policy-pods';
import { isWide, namesTarget, podsOfPolicy, scopeOf } from '../../facts/policy-pods';
import { isInAmbientMode } from '../../facts/sidecar-pods';
import { ambientNamespaces } from '../../facts/sidecars';
import type { Workload } from '../../facts/workloads';
import { containersOf } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'http-rule-in-ambient-namespace',
  codes: ['KIA0110', 'KIA1317'],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  title: 'A rule about requests applies to pods in ambient mode, whose ztunnel reads no requests',
  effect: 'istiod omits an ALLOW rule with a condition on requests, which then lets no connection in. A DENY rule loses these conditions, and '
    + 'an entry of `from` or `to` without another one never matches. istiod drops conditions on trust domains in any rule. '
    + 'CUSTOM and AUDIT policies have no effect.',
  check(object, report, index) {
    const action = enforcedAction(object);
    if (action === undefined || namesTarget(object)) return;
    const where = ambientPlace(object, index);
    if (where === undefined) return;
    const repair = 'name the Service in targetRefs, and give the namespace a waypoint, which reads requests';
    if (action === 'CUSTOM' || action === 'AUDIT') {
      report('spec.action', `pods in '${where}' run in ambient mode, and ztunnel ignores ${action} policies: this one has no effect`, repair);
      return;
    }
    for (const attribute of attributesOf(object).filter(each => !isOfConnection(each))) {
      const effect = effectOn(attribute, rulesOf(object)[attribute.rule], action);
      report(placeOf(attribute), `pods in '${where}' run in ambient mode, and ztunnel does not read '${attribute.key}': ${effect}`, repair);
    }
  },
});

/** What becomes of a rule with an attribute that ztunnel does not read. */
function effectOn(attribute: AttributeValues, stated: AuthorizationRule, action: 'ALLOW' | 'DENY'): string {
  const isOmitted = action === 'ALLOW' && attribute.key !== 'trustDomains';
  const lost = isOmitted ? 'rule' : lostWith(attribute, stated);
  if (!lost) return 'istiod drops the condition';
  return `this ${lost} ${action === 'ALLOW' ? 'lets no connection in' : 'denies nothing'}`;
}

/** The namespace of pods in ambient mode that a policy applies to; undefined if the input has none. */
function ambientPlace(object: PodPolicy, index: TrafficIndex): string | undefined {
  const pods = podsOfPolicy(object, index);
  if (pods.length > 0) return pods.find(pod => isBehindZtunnel(pod, index))?.namespace;
  const scope = scopeOf(object, index);
  return scope !== undefined && isWide(object) && index.memo(ambientNamespaces).has(scope) ? scope : undefined;
}

/** Whether ztunnel takes the connections of pods: they have no proxy of their own. */
function isBehindZtunnel(pod: Workload, index: TrafficIndex): boolean {
  const hasProxy = containersOf(pod).some(({ name }) => name === 'istio-proxy');
  return isInAmbientMode(pod, index) && !hasProxy && !gatewayPods(index).has(pod) && gatewayApiNameOf(pod) === undefined
    && pod.labels['sidecar.istio.io/inject'] !== 'true';
}
