import { isForAll } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'root-sidecar-with-selector',
  codes: ['KIA1006'],
  severity: 'warning',
  subjects: ['Sidecar'],
  title: 'A Sidecar in the mesh\'s root namespace has a selector',
  effect: 'Pods of other namespaces do not obey the Sidecar.',
  check(object, report, index) {
    const { rootNamespace } = index.meshConfig;
    if (index.namespaceOf(object) !== rootNamespace || isForAll(object)) return;
    report('spec.workloadSelector', `because of the selector this Sidecar is for pods in '${rootNamespace}' alone, and not the default `
      + 'of the mesh',
    'remove the selector to set a default for all namespaces, or move the Sidecar to the namespace of the pods');
  },
});
