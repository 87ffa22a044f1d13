import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'empty-outbound-traffic-policy',
  codes: ['KIA1007'],
  severity: 'warning',
  subjects: ['Sidecar'],
  title: 'An empty `outboundTrafficPolicy` blocks all unknown hosts',
  effect: 'Envoy answers requests to unknown hosts with 502, because an unset mode is REGISTRY_ONLY.',
  check(object, report) {
    const policy = object.spec?.outboundTrafficPolicy;
    if (!policy || policy.mode !== undefined || (Object.keys(policy).length > 0 && !policy.egressProxy)) return;
    report('spec.outboundTrafficPolicy', 'without mode this is REGISTRY_ONLY: requests to hosts that no Service or ServiceEntry '
      + 'has get 502',
    'set mode: REGISTRY_ONLY or mode: ALLOW_ANY, or remove outboundTrafficPolicy to get the policy of the mesh');
  },
});
