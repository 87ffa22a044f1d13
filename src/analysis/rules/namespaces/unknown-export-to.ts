import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The namespaces in the input, and those that every mesh has. */
function knownNamespaces(index: TrafficIndex): ReadonlySet<string> {
  return new Set([...index.of('Namespace').map(({ metadata }) => metadata.name), index.meshConfig.rootNamespace, 'default', 'kube-system']);
}

export const rule = defineRule({
  id: 'unknown-export-to',
  codes: ['KIA0005'],
  severity: 'error',
  subjects: ['VirtualService', 'DestinationRule', 'ServiceEntry'],
  needs: ['Namespace'],
  title: '`exportTo` names a namespace that does not exist',
  effect: 'The entry makes the object visible to no caller.',
  check(object, report, index) {
    const { exportTo = [] } = object.spec ?? {};
    exportTo.forEach((scope, s) => {
      if (['.', '*', '~'].includes(scope) || index.memo(knownNamespaces).has(scope) || scope === index.namespaceOf(object)) return;
      report(`spec.exportTo[${s}]`, `namespace '${scope}' does not exist, so this entry makes the object visible to no caller`,
        'correct the name, or add the Namespace; \'.\' is the object\'s own namespace, and \'*\' is all', {
          absent: { kind: 'Namespace' },
        });
    });
  },
});
