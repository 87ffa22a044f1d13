import { ambientNamespaces, isForAll } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'sidecar-in-ambient-namespace',
  codes: ['IST0167'],
  severity: 'warning',
  subjects: ['Sidecar'],
  title: 'A Sidecar is in a namespace whose pods have no sidecar',
  effect: 'The namespace has no sidecar that could obey it.',
  check(object, report, index) {
    const namespace = index.namespaceOf(object);
    if (!isForAll(object) || !ambientNamespaces(index).has(namespace)) return;
    report('metadata.namespace', `the pods in '${namespace}' run in ambient mode, without sidecars, so this Sidecar has no effect`,
      'remove it, or inject sidecars there');
  },
});
