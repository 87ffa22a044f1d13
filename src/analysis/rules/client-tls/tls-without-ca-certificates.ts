import { namesNoCa, NO_CA } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'tls-without-ca-certificates',
  codes: ['IST0128'],
  severity: 'info',
  subjects: ['DestinationRule'],
  title: 'TLS to a host names no certificate authority',
  effect: NO_CA.effect,
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    if (stated?.policy?.tls && namesNoCa(stated.policy.tls, stated)) report('spec.trafficPolicy.tls', NO_CA.cause, NO_CA.repair);
  },
});
