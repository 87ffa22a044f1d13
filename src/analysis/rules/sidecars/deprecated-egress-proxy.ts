import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deprecated-egress-proxy',
  codes: ['IST0002'],
  severity: 'warning',
  subjects: ['Sidecar'],
  title: 'A Sidecar uses the deprecated field `outboundTrafficPolicy.egressProxy`',
  effect: 'As long as istiod reads the field, Envoy sends traffic for unknown hosts to this proxy.',
  check(object, report) {
    if (!object.spec?.outboundTrafficPolicy?.egressProxy) return;
    report('spec.outboundTrafficPolicy.egressProxy', '`egressProxy` is deprecated, and a later istiod may ignore it',
      'send unknown traffic to an egress gateway with a ServiceEntry and a VirtualService');
  },
});
