import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'invalid-gateway-parameters',
  codes: [],
  severity: 'warning',
  subjects: ['KubernetesGateway'],
  title: 'The parametersRef of a Gateway does not lead to a ConfigMap',
  effect: 'istiod does not accept the Gateway, and does not change its Deployment and Service by the parameters.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['InvalidParameters'], index)) {
      report(path, `${message}, so Istio ignores the parameters; ${status}`,
        'name a ConfigMap in the namespace of the Gateway', { absent });
    }
  },
});
