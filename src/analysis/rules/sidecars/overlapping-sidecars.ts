import type { Manifest } from '../../../manifest/manifest';
import { isForAll, selectorOf } from '../../facts/sidecars';
import type { Contest } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function contests(index: TrafficIndex): ReadonlyMap<Manifest, readonly Contest[]> {
  return index.workloads.contested(index.of('Sidecar').flatMap(object => (
    isForAll(object) ? [] : [{ object, selector: selectorOf(object), namespace: index.namespaceOf(object) }])));
}

export const rule = defineRule({
  id: 'overlapping-sidecars',
  codes: ['IST0110', 'KIA0003'],
  severity: 'error',
  subjects: ['Sidecar'],
  needs: ['Workload'],
  title: 'Two Sidecars select the same pods',
  effect: 'A proxy obeys the older Sidecar alone. Istio never merges Sidecars.',
  check(object, report, index) {
    for (const { workload, rivals } of index.memo(contests).get(object) ?? []) {
      const pods = `the pods of ${workload.object.kind} ${index.nameOf(workload.object)}`;
      report('spec.workloadSelector', `${rivals.beside(object, index)} select${rivals.others === 1 ? 's' : ''} ${pods} too, and a proxy `
        + `obeys only the oldest Sidecar: if all are the same age, ${rivals.oldest === object ? 'this one' : index.nameOf(rivals.oldest)}`,
      'make the selectors exclude each other, or merge the Sidecars into one; Istio never merges them');
    }
  },
});
