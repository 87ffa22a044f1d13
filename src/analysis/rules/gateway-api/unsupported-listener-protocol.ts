import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unsupported-listener-protocol',
  codes: [],
  severity: 'error',
  subjects: ['KubernetesGateway', 'ListenerSet'],
  title: 'A listener has a protocol or a port that its Gateway does not serve',
  effect: 'istiod configures no server for the listener: its port refuses connections.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['UnsupportedProtocol'], index)) {
      report(path, `${message}, so the gateway does not serve the listener; ${status}`,
        'use HTTP, HTTPS, TLS or TCP; of waypoints, port 15008 with protocol HBONE', { absent });
    }
  },
});
