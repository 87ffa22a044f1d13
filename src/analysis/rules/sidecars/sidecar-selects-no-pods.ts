import { selectorText } from '../../../manifest/labels';
import { isForAll, selectorOf } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'sidecar-selects-no-pods',
  codes: ['IST0101', 'KIA0004'],
  severity: 'error',
  subjects: ['Sidecar'],
  needs: ['Workload'],
  title: 'A Sidecar\'s selector matches no pod of its namespace',
  effect: 'No proxy obeys the Sidecar.',
  check(object, report, index) {
    const namespace = index.namespaceOf(object);
    if (isForAll(object) || index.workloads.mayHave(selectorOf(object), namespace)) return;
    report('spec.workloadSelector.labels', `no pod in '${namespace}' has the labels ${selectorText(selectorOf(object))}, so this Sidecar `
      + 'has no effect',
    'use the labels of the pod template, or move the Sidecar to the namespace of the pods', { absent: { kind: 'pods', namespace } });
  },
});
