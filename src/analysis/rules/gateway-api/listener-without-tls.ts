import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'listener-without-tls',
  codes: [],
  severity: 'error',
  subjects: ['KubernetesGateway'],
  title: 'A listener of protocol HTTPS or TLS has no tls block',
  effect: 'istiod leaves out the listener and tells only its log: the port refuses connections.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['Unreported'], index)) {
      report(path, `${message}, so the gateway does not serve the listener; ${status}`,
        'add tls with certificateRefs, or with mode Passthrough', { absent });
    }
  },
});
