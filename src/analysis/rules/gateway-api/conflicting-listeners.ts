import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'conflicting-listeners',
  codes: ['KIA1503'],
  severity: 'error',
  subjects: ['KubernetesGateway', 'ListenerSet'],
  title: 'Two listeners of a Gateway have the same port and hostname, or protocols that cannot share a port',
  effect: 'The later listener gets no configuration: its certificate is not used, and routes that attach to it alone get no requests.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['HostnameConflict', 'ProtocolConflict'], index)) {
      report(path, `${message}, so this listener gets no configuration; ${status}`,
        'give the listener another port or hostname', { absent });
    }
  },
});
