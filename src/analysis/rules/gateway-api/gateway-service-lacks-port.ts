import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'gateway-service-lacks-port',
  codes: [],
  severity: 'error',
  subjects: ['KubernetesGateway'],
  title: 'A Gateway names a Service that does not have the ports of its listeners',
  effect: 'The gateway has no listener for the port: connections are refused.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['AddressNotUsable'], index)) {
      report(path, `${message}, so no pod serves the listeners on it; ${status}`,
        'add the port to the Service, or use a port of the Service for the listener (not the port of the pods)', { absent });
    }
  },
});
