import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'policy-for-unknown-port',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  needs: ['Service'],
  title: 'A policy is for a port that the host does not have',
  effect: 'No cluster has the policy.',
  check(object, report, index) {
    const { host = '', policy, subsets = [] } = hostPolicyOf(object, index) ?? {};
    const ports = index.registry.named(host).flatMap(registered => registered.ports.map(({ number }) => number));
    if (ports.length === 0) return;
    const levels = [{ policy, path: 'spec.trafficPolicy' },
      ...subsets.map((subset, s) => ({ policy: subset.trafficPolicy, path: `spec.subsets[${s}].trafficPolicy` }))];
    for (const { policy: stated, path } of levels) {
      stated?.portLevelSettings?.forEach(({ port: { number = 0 } = {} }, e) => {
        if (ports.includes(number)) return;
        report(`${path}.portLevelSettings[${e}].port.number`, `'${host}' has no port ${number}, so these settings have no effect`,
          `use a port of the host: ${ports.join(', ')} (the Service's port, not the container's)`);
      });
    }
  },
});
