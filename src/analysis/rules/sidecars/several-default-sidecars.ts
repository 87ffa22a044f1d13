import { byAge } from '../../../manifest/kubernetes-object';
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
    const all = isForAll(object) ? defaultSidecars(index).get(namespace) ?? [] : [];
    if (all.length < 2 || ambientNamespaces(index).has(namespace)) return;
    const [first] = [...all].sort(byAge);
    const others = all.filter(other => other !== object).map(other => index.nameOf(other));
    report('spec', `${others.join(', ')} in '${namespace}' ${others.length === 1 ? 'has' : 'have'} no selector either, and proxies `
      + 'obey only the '
      + `oldest: if all are the same age, ${first === object ? 'this one' : index.nameOf(first)}`,
    'merge them into one; Istio never merges Sidecars');
  },
});
