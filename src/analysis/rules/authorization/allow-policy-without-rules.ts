import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { isWide, podsOfPolicy, policiesOf } from '../../facts/policy-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'allow-policy-without-rules',
  codes: [],
  severity: 'info',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'An ALLOW policy for some pods has no rules, and no other policy allows anything',
  effect: 'A policy without rules allows nothing: the sidecars answer every request with 403, and close all other connections.',
  check(object, report, index) {
    // Without a selector, it is the usual way to deny by default.
    if (enforcedAction(object) !== 'ALLOW' || rulesOf(object).length > 0 || isWide(object)) return;
    const pods = podsOfPolicy(object, index);
    const isOpen = pods.some(pod => policiesOf(pod, index).some(other => enforcedAction(other) === 'ALLOW' && rulesOf(other).length > 0));
    if (pods.length === 0 || isOpen) return;
    report('spec', 'it has no rules, so it allows nothing, and no other policy allows calls to the selected pods',
      'add a rule for each allowed caller, or rules: [{}] to allow all',
      { absent: { kind: 'AuthorizationPolicy', namespaces: [...new Set([...pods.map(({ namespace }) => namespace), index.meshConfig.rootNamespace])] } });
  },
});
