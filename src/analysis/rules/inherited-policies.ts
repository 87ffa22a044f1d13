import type { Fields } from '../fields';
import { entries, isObject, items } from '../fields';
import { partsOf, statedPolicies } from '../stated-policies';
import type { TrafficRule } from '../traffic-rule';

/** The fields of an object, by their dotted places. */
function leavesOf(value: Fields, place = ''): string[] {
  return entries(value).flatMap(([name, part]) => {
    const at = place === '' ? name : `${place}.${name}`;
    return isObject(part) && Object.keys(part).length > 0 ? leavesOf(part, at) : [at];
  });
}

/** The parts that a level replaces as a whole although they are made of fields. */
const COMPOSED = ['connectionPool', 'outlierDetection'] as const;
/** What a port's entry replaces even where it does not state it. */
const OF_PORTS = ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls'] as const;

/** Fields of a wider level that a narrower one of the same part leaves out. */
function lostFields(wider: Fields, narrower: Fields): string[] {
  return COMPOSED.filter(part => isObject(wider?.[part]) && isObject(narrower?.[part])).flatMap(part => {
    const kept = new Set(leavesOf(narrower[part]));
    return leavesOf(wider[part]).filter(field => !kept.has(field)).map(field => `${part}.${field}`);
  });
}

const subsetDropsInherited: TrafficRule = {
  id: 'subset-policy-drops-inherited',
  codes: [],
  severity: 'warning',
  title: 'A subset\'s policy replaces the host\'s as a whole and loses fields of it',
  check(index, report) {
    for (const { object, policy, subsets } of statedPolicies(index)) {
      subsets.forEach((subset, s) => {
        const lost = lostFields(policy, subset.trafficPolicy);
        if (lost.length === 0) return;
        report(object, `spec.subsets[${s}].trafficPolicy`, `for subset '${subset.name}' ${lost.join(', ')} of the host's policy ${lost.length === 1 ? 'does' : 'do'} not hold: what a subset states replaces the whole object, field by field nothing is inherited`,
          'repeat these fields in the subset, or remove what the subset states');
      });
    }
  },
};

/** What a port's entry has no field for. */
const NOT_OF_PORTS = ['tunnel', 'proxyProtocol', 'retryBudget'] as const;

function portRepair(lost: readonly string[]): string {
  const [part] = NOT_OF_PORTS.filter(name => lost.includes(name));
  return part === undefined
    ? 'repeat in the entry what has to hold at this port too'
    : `state at the level above what the entry says, and remove the entry: it has no field ${part}; or state ${part} in the policies of subsets, which come after the entry`;
}

const portDropsInherited: TrafficRule = {
  id: 'port-policy-drops-inherited',
  codes: [],
  severity: 'warning',
  title: 'A port\'s policy discards the policy above it',
  check(index, report) {
    for (const { object, policy, subsets } of statedPolicies(index)) {
      items(policy?.portLevelSettings).forEach((entry, e) => {
        const lost = [...partsOf(policy).filter(part => part !== 'portLevelSettings' && entry[part] === undefined), ...lostFields(policy, entry)];
        if (lost.length === 0) return;
        report(object, `spec.trafficPolicy.portLevelSettings[${e}]`, `at port ${entry.port?.number} ${lost.join(', ')} of the policy above ${lost.length === 1 ? 'does' : 'do'} not hold: a port's entry replaces the whole of it`,
          portRepair(lost));
      });
      subsets.forEach((subset, s) => {
        const stated = subset.trafficPolicy;
        items(stated?.portLevelSettings).forEach((entry, e) => {
          const above = { ...policy, ...stated };
          const lost = [...OF_PORTS.filter(part => above[part] !== undefined && entry[part] === undefined), ...lostFields(above, entry)];
          if (lost.length === 0) return;
          report(object, `spec.subsets[${s}].trafficPolicy.portLevelSettings[${e}]`, `for subset '${subset.name}' at port ${entry.port?.number} ${lost.join(', ')} of the levels above ${lost.length === 1 ? 'does' : 'do'} not hold: a port's entry replaces them`,
            'repeat in the entry what has to hold at this port too');
        });
      });
    }
  },
};

const policyForUnknownPort: TrafficRule = {
  id: 'policy-for-unknown-port',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'A policy is for a port that the host does not have',
  check(index, report) {
    for (const { object, host, policy, subsets } of statedPolicies(index)) {
      const ports = index.registry.named(host).flatMap(registered => registered.ports.map(({ number }) => number));
      if (ports.length === 0) continue;
      const places = [[policy, 'spec.trafficPolicy'], ...subsets.map((subset, s) => [subset.trafficPolicy, `spec.subsets[${s}].trafficPolicy`])];
      for (const [stated, place] of places) {
        items(stated?.portLevelSettings).forEach((entry, e) => {
          const number = Number(entry.port?.number ?? 0);
          if (ports.includes(number)) return;
          report(object, `${place}.portLevelSettings[${e}].port.number`, `'${host}' has no port ${number}, so that this entry has no effect`, `use a port that it has: ${ports.join(', ')} (the Service's port, not the container's)`);
        });
      }
    }
  },
};

/** Rules about what a narrower level of a DestinationRule does to the wider one. */
export const INHERITED_POLICY_RULES: readonly TrafficRule[] = [subsetDropsInherited, portDropsInherited, policyForUnknownPort];
