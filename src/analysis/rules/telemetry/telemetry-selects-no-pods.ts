import { selectorText } from '../../../manifest/labels';
import { selectorOf } from '../../facts/telemetries';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'telemetry-selects-no-pods',
  codes: ['IST0101'],
  severity: 'error',
  subjects: ['Telemetry'],
  needs: ['Workload'],
  title: 'A Telemetry\'s selector matches no pod of its namespace',
  effect: 'No proxy has its settings.',
  check(object, report, index) {
    const [selector, namespace] = [selectorOf(object), index.namespaceOf(object)];
    if (Object.keys(selector).length === 0 || index.workloads.mayHave(selector, namespace)) return;
    report('spec.selector.matchLabels', `no pod in '${namespace}' has the labels ${selectorText(selector)}, so this Telemetry `
      + 'has no effect',
    'use the labels of the pod template, or move the Telemetry to the namespace of the pods; a selector is for its own namespace alone, '
        + 'even in the root namespace',
    { absent: { kind: 'pods', namespace } });
  },
});
