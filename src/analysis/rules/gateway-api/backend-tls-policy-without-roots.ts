import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'backend-tls-policy-without-roots',
  codes: [],
  severity: 'error',
  subjects: ['BackendTLSPolicy'],
  title: 'The CA certificates of a BackendTLSPolicy cannot be used',
  effect: 'Envoy waits for certificates that do not come: every connection to the target fails, from sidecars as well as from gateways.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['NoValidCACertificate'], index)) {
      report(path, `${message}, so connections to the target fail; ${status}`,
        'name a ConfigMap of the namespace with the certificates under ca.crt, or use wellKnownCACertificates', { absent });
    }
  },
});
