import { namesNoCa, NO_CA } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'port-tls-without-ca-certificates',
  codes: ['IST0129'],
  severity: 'info',
  subjects: ['DestinationRule'],
  title: 'TLS to a port names no certificate authority',
  effect: NO_CA.effect,
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    stated?.policy?.portLevelSettings?.forEach(({ tls }, e) => {
      if (tls && namesNoCa(tls, stated)) report(`spec.trafficPolicy.portLevelSettings[${e}].tls`, NO_CA.cause, NO_CA.repair);
    });
  },
});
