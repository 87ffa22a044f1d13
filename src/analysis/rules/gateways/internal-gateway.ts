import { gatewaysOf, isGenerated } from '../../facts/gateways';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'internal-gateway',
  codes: ['IST0165'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A VirtualService names a Gateway that Istio generates',
  effect: 'Envoy serves the route until Istio generates the Gateway again under another name.',
  check(object, report, index) {
    for (const reference of gatewaysOf(object, index)) {
      if (!isGenerated(reference)) continue;
      report(reference.path, `Istio generates '${reference.written}' from a Gateway of the Gateway API, and may change its name `
        + 'at any time',
      'use an HTTPRoute for that Gateway, or an Istio Gateway of your own');
    }
  },
});
