import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'listener-route-kinds',
  codes: [],
  severity: 'warning',
  subjects: ['KubernetesGateway', 'ListenerSet'],
  title: 'A listener allows kinds of routes that cannot attach to its protocol',
  effect: 'The listener takes only the other kinds that it allows.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['InvalidRouteKinds'], index)) {
      report(path, `${message}, so routes of the other kinds do not attach; ${status}`,
        'allow HTTPRoute and GRPCRoute for HTTP and HTTPS, TLSRoute for TLS, and TCPRoute for TCP', { absent });
    }
  },
});
