import type { HostPolicy } from './host-policies';
import { hostPolicies, hostPolicyOf } from './host-policies';
import type { DestinationRule } from './visibility';
import { groupBy } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { TrafficIndex } from '../traffic-index';

/** The DestinationRules of one namespace for one host, where there are several, in Istio's order. */
export interface SplitPolicies {
  /** Those without a selector. */
  readonly plain: readonly HostPolicy[];
  /** Those with a selector. */
  readonly selecting: readonly HostPolicy[];
}

/** A DestinationRule that is one of several for its host. */
export interface SplitPolicy extends SplitPolicies {
  readonly own: HostPolicy;
  /** Those without a selector that come before it. */
  readonly earlier: readonly HostPolicy[];
}

/** A DestinationRule among the others of its namespace for its host; undefined where there is no other. */
export function splitPolicyOf(object: DestinationRule, index: TrafficIndex): SplitPolicy | undefined {
  const own = hostPolicyOf(object, index);
  const group = own && index.memo(findGroups).get(placeOf(own));
  return group && { ...group, own, earlier: own.hasSelector ? [] : group.plain.slice(0, group.plain.indexOf(own)) };
}

function placeOf({ namespace, host }: HostPolicy): string {
  return `${namespace}/${host}`;
}

function findGroups(index: TrafficIndex): ReadonlyMap<string, SplitPolicies> {
  const several = [...groupBy(hostPolicies(index), placeOf)].filter(([, group]) => group.length > 1);
  return new Map(several.map(([place, group]) => {
    const sorted = [...group].sort((a, b) => byAge(a.object, b.object));
    return [place, { plain: sorted.filter(({ hasSelector }) => !hasSelector), selecting: sorted.filter(({ hasSelector }) => hasSelector) }];
  }));
}

/** Whether two DestinationRules are exported alike; only then does Istio merge them. */
export function haveSameScopes(a: HostPolicy, b: HostPolicy): boolean {
  return a.exportTo.join() === b.exportTo.join();
}
