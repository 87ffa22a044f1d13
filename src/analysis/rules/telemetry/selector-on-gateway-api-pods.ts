import { groupBy } from '../../../manifest/group-by';
import { selects } from '../../../manifest/labels';
import { selectorOf } from '../../facts/telemetries';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The label with the name of the Gateway API's Gateway that a pod serves. */
const GATEWAY = 'gateway.networking.k8s.io/gateway-name';

function podsByNamespace(index: TrafficIndex): ReadonlyMap<string, readonly Workload[]> {
  return groupBy(index.workloads.all.filter(({ labels }) => labels[GATEWAY] !== undefined), ({ namespace }) => namespace);
}

export const rule = defineRule({
  id: 'selector-on-gateway-api-pods',
  codes: ['IST0166'],
  severity: 'warning',
  subjects: ['Telemetry'],
  needs: ['Workload'],
  title: 'A Telemetry selects the pods of a Gateway API Gateway by labels',
  effect: 'The proxy does not get the settings: Istio finds the pods of a Gateway API Gateway by targetRefs.',
  check(object, report, index) {
    if (object.spec?.targetRef || !object.spec?.selector) return;
    for (const { labels } of index.memo(podsByNamespace).get(index.namespaceOf(object)) ?? []) {
      if (!selects(selectorOf(object), labels)) continue;
      report('spec.selector', `the selected pods are those of Gateway '${labels[GATEWAY]}', which Istio does not find by a selector`,
        `set targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: ${labels[GATEWAY]} }]`);
    }
  },
});
