import { hostPolicyOf, partsOf } from '../../facts/host-policies';
import { lostFields } from '../../facts/lost-policy-fields';
import { defineRule } from '../../rule';

/** What a port's entry replaces even where the entry does not set it. */
const OF_PORTS = ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls'] as const;
/** What a port's entry has no field for. */
const NOT_OF_PORTS: readonly string[] = ['tunnel', 'proxyProtocol', 'retryBudget'];

const REPEAT = 'repeat in the settings of the port what must apply there too';

function repairFor(lost: readonly string[]): string {
  const part = NOT_OF_PORTS.find(name => lost.includes(name));
  return part === undefined ? REPEAT
    : `move the settings of the port to the level above, because they have no field ${part}; or set ${part} in the policies of subsets, `
      + 'which apply after them';
}

function applies(lost: readonly string[]): string {
  return lost.length === 1 ? 'does not apply' : 'do not apply';
}

export const rule = defineRule({
  id: 'port-policy-drops-inherited',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A port\'s policy discards the policy above it',
  effect: 'The cluster of the port lacks what only the policy above it has: limits, ejection, load balancing, TLS.',
  check(object, report, index) {
    const { policy, subsets = [] } = hostPolicyOf(object, index) ?? {};
    policy?.portLevelSettings?.forEach((entry, e) => {
      const stated = partsOf(entry);
      const lost = [...partsOf(policy).filter(part => part !== 'portLevelSettings' && !stated.includes(part)),
        ...lostFields(policy, entry)];
      if (lost.length === 0) return;
      report(`spec.trafficPolicy.portLevelSettings[${e}]`, `at port ${entry.port?.number}, ${lost.join(', ')} of the policy above `
        + `${applies(lost)}: the settings of a port replace the whole policy`,
      repairFor(lost));
    });
    subsets.forEach(({ name, trafficPolicy }, s) => trafficPolicy?.portLevelSettings?.forEach((entry, e) => {
      const above = { ...policy, ...trafficPolicy };
      const lost = [...OF_PORTS.filter(part => above[part] !== undefined && entry[part] === undefined), ...lostFields(above, entry)];
      if (lost.length === 0) return;
      report(`spec.subsets[${s}].trafficPolicy.portLevelSettings[${e}]`, `for subset '${name}' at port ${entry.port?.number}, `
        + `${lost.join(', ')} of the levels above ${applies(lost)}: the settings of a port replace them`,
      REPEAT);
    }));
  },
});
