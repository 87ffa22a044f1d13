import { ambientNamespaces, defaultSidecars, isForAll } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'several-default-sidecars',
  codes: ['IST0111', 'KIA0002'],
  severity: 'error',
  subjects: ['Sidecar'],
  title: 'A namespace has two Sidecars without a selector',
  effect: 'A proxy obeys the older Sidecar alone. Istio never merges Sidecars.',
  check(object, report, index) {
    const namespace = index.namespaceOf(object);
    const rivals = isForAll(object) ? defaultSidecars(index).get(namespace) : undefined;
    if (!rivals || rivals.others === 0 || ambientNamespaces(index).has(namespace)) return;
    const { others, oldest } = rivals;
    report('spec', `${rivals.beside(object, index)} in '${namespace}' ${others === 1 ? 'has' : 'have'} no selector either, and proxies `
      + `obey only the oldest: if all are the same age, ${oldest === object ? 'this one' : index.nameOf(oldest)}`,
    'merge them into one; Istio never merges Sidecars');
  },
});
