import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'conflicting-backend-tls-policies',
  codes: [],
  severity: 'warning',
  subjects: ['BackendTLSPolicy'],
  title: 'Two BackendTLSPolicies have the same target',
  effect: 'The older policy applies; of two of one age, the one with the first name. The other one has no effect.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['Conflicted'], index)) {
      report(path, `${message}, so this one has no effect on it; ${status}`,
        'merge the policies, or name different ports', { absent });
    }
  },
});
