import { selectorText } from '../../../manifest/labels';
import { isWide, namesTarget, scopeOf, selectorOf } from '../../facts/policy-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'authentication-selects-no-pods',
  codes: ['KIA0004'],
  severity: 'warning',
  subjects: ['PeerAuthentication', 'RequestAuthentication'],
  needs: ['Workload'],
  title: 'A PeerAuthentication or RequestAuthentication selects no pods',
  effect: 'No proxy gets it: which connections and tokens the pods accept does not change.',
  check(object, report, index) {
    if (isWide(object) || namesTarget(object)) return;
    const [selector, namespace] = [selectorOf(object), index.namespaceOf(object)];
    // Another rule reports a PeerAuthentication with a selector in the root namespace.
    const scope = scopeOf(object, index);
    if (index.workloads.mayHave(selector, scope) || (object.kind === 'PeerAuthentication' && scope === undefined)) return;
    report('spec.selector.matchLabels', `no pod ${scope === undefined ? 'of the mesh' : `in '${namespace}'`} has the labels `
      + `${selectorText(selector)}, so this ${object.kind} has no effect`,
    'use the labels of the pod template, and the namespace of the pods',
    { absent: { kind: 'pods', ...(scope !== undefined && { namespace }) } });
  },
});
