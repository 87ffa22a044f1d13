import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function namespaces(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Namespace').map(({ metadata }) => metadata.name));
}

export const rule = defineRule({
  id: 'grant-from-unknown-namespace',
  codes: ['KIA1601'],
  severity: 'warning',
  subjects: ['ReferenceGrant'],
  needs: ['Namespace'],
  title: 'A ReferenceGrant permits references from a namespace that does not exist',
  effect: 'The grant permits nothing: routes and listeners of the namespace that is meant get no backend or certificate.',
  check(object, report, index) {
    for (const [i, { namespace = '' }] of (object.spec?.from ?? []).entries()) {
      if (index.memo(namespaces).has(namespace)) continue;
      report(`spec.from[${i}].namespace`, `namespace '${namespace}' does not exist, so this entry permits nothing`,
        'correct the name, or add the Namespace', { absent: { kind: 'Namespace' } });
    }
  },
});
