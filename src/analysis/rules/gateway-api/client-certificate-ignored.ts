import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'client-certificate-ignored',
  codes: [],
  severity: 'warning',
  subjects: ['KubernetesGateway'],
  title: 'A Gateway states a certificate for connections to backends, which Istio does not use',
  effect: 'istiod checks the reference and does nothing else with it: the gateway shows backends no such certificate.',
  check(object, report, index) {
    if (object.spec?.tls?.backend?.clientCertificateRef === undefined) return;
    const [problem] = problemsOf(object, ['InvalidClientCertificateRef'], index);
    report('spec.tls.backend.clientCertificateRef', `Istio shows this certificate to no backend${problem && !problem.absent
      ? `; ${problem.message}, and ${problem.status}` : ''}`, 'use a DestinationRule with tls of mode MUTUAL and a credentialName');
  },
});
