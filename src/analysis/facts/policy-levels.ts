import type { HostPolicy } from './host-policies';
import { hostPolicyOf } from './host-policies';
import type { DestinationRule } from './visibility';
import type { PortTrafficPolicy, TrafficPolicy } from '../../manifest/istio-specs.generated';
import type { Labels } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';

/** A policy of a DestinationRule: of the host, of a subset, or of a port of either. */
export interface PolicyLevel {
  readonly stated: HostPolicy;
  readonly policy: TrafficPolicy | PortTrafficPolicy;
  readonly path: string;
  /** The labels of the subset, where it is one's policy. */
  readonly labels?: Labels;
  /** The policy of the whole host, where this one is a subset's. */
  readonly above?: TrafficPolicy;
}

/** Every policy of a DestinationRule. */
export function policyLevels(object: DestinationRule, index: TrafficIndex): readonly PolicyLevel[] {
  return index.memoOf(object, findLevels);
}

function findLevels(object: DestinationRule, index: TrafficIndex): readonly PolicyLevel[] {
  const stated = hostPolicyOf(object, index);
  if (!stated) return [];
  const { policy, subsets } = stated;
  const ofHost = policy ? withPorts({ stated, policy, path: 'spec.trafficPolicy' }) : [];
  return [...ofHost, ...subsets.flatMap(({ trafficPolicy, labels = {} }, s) => (
    trafficPolicy ? withPorts({
      stated,
      policy: trafficPolicy,
      path: `spec.subsets[${s}].trafficPolicy`,
      labels,
      ...(policy && { above: policy }),
    }) : []))];
}

function withPorts(level: PolicyLevel & { readonly policy: TrafficPolicy }): PolicyLevel[] {
  const { portLevelSettings = [] } = level.policy;
  return [level, ...portLevelSettings.map((policy, e) => ({
    ...level,
    policy,
    path: `${level.path}.portLevelSettings[${e}]`,
    above: undefined,
  }))];
}
