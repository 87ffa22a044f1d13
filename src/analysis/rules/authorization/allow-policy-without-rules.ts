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
  effect: 'A policy without rules allows nothing: the sidecars deny each request with 403, and close each other connection.',
  check(object, report, index) {
    // Without a selector, it is the usual way to deny by default.
    if (enforcedAction(object) !== 'ALLOW' || rulesOf(object).length > 0 || isWide(object)) return;
    const pods = podsOfPolicy(object, index);
    const isOpen = pods.some(pod => policiesOf(pod, index).some(other => enforcedAction(other) === 'ALLOW' && rulesOf(other).length > 0));
    if (pods.length === 0 || isOpen) return;
    report('spec', 'it has no rules, which allows nothing, and no other policy allows a call of the selected pods',
      'add a rule for each caller that may call, or rules: [{}] to allow all',
      { absent: { kind: 'AuthorizationPolicy', namespaces: [...new Set([...pods.map(({ namespace }) => namespace), index.meshConfig.rootNamespace])] } });
  },
});
