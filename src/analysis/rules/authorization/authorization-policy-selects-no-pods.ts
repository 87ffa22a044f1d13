import { selectorText } from '../../../manifest/labels';
import { isWide, namesTarget, podsOfPolicy, scopeOf, selectorOf } from '../../facts/policy-pods';
import { isInMesh } from '../../facts/sidecar-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'authorization-policy-selects-no-pods',
  codes: ['IST0127', 'KIA0004'],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'An AuthorizationPolicy applies to no pods',
  effect: 'No proxy gets it: who may call does not change.',
  check(object, report, index) {
    if (namesTarget(object)) return;
    const [scope, selected] = [scopeOf(object, index), podsOfPolicy(object, index)];
    if (isWide(object) && scope === undefined) return;
    if (selected.some(pod => isInMesh(pod, index))) return;
    if (selected.length === 0 && !isWide(object) && index.workloads.mayHave(selectorOf(object), scope)) return;
    const where = scope === undefined ? 'of the mesh' : `in '${scope}'`;
    const labels = isWide(object) ? '' : ` with the labels ${selectorText(selectorOf(object))}`;
    const isBare = selected.length > 0;
    report(isWide(object) ? 'metadata.namespace' : 'spec.selector.matchLabels',
      isBare ? `the pods ${where}${labels} have no sidecar, so this policy has no effect`
        : `no pod ${where} has ${isWide(object) ? 'a proxy' : `the labels ${selectorText(selectorOf(object))}`}, so this policy has no effect`,
      isBare ? 'inject sidecars into these pods' : 'use the labels of the pod template, and the namespace of the pods',
      isBare ? {} : { absent: { kind: 'pods', ...(scope !== undefined && { namespace: scope }) } });
  },
});
