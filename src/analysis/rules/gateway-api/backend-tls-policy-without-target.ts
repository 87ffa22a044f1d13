import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'backend-tls-policy-without-target',
  codes: [],
  severity: 'warning',
  subjects: ['BackendTLSPolicy'],
  title: 'A BackendTLSPolicy names a target or a port that does not exist',
  effect: 'Connections to the service have no TLS by this policy.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['TargetNotFound'], index)) {
      report(path, `${message}, so the policy does not apply to it; ${status}`,
        'name a Service or a ServiceEntry of the namespace, and as sectionName the name of one of its ports', { absent });
    }
  },
});
