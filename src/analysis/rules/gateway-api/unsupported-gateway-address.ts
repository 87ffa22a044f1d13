import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unsupported-gateway-address',
  codes: [],
  severity: 'error',
  subjects: ['KubernetesGateway'],
  title: 'A Gateway has addresses that Istio does not take',
  effect: 'Istio runs no gateway for a Gateway with such addresses, and binds it only to the Services that others of its '
    + 'addresses name: without any, no pod serves it.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['UnsupportedAddress'], index)) {
      report(path, `${message}, so no gateway serves it by this address; ${status}`,
        'name a Service of the namespace with type Hostname, or set a single IPAddress', { absent });
    }
  },
});
