import { hostAndWildcards, serviceParts } from './host-lookup';
import type { HostPolicy } from './host-policies';
import { destinationRules, policiesByHost } from './host-policies';
import type { VirtualService } from './virtual-services';
import type { Proxy } from '../../envoy/proxy';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** The DestinationRules, used or not, that have a subset of a host: those of the host itself, and of wildcards that hold it. */
export function policiesWith(host: string, subset: string, index: TrafficIndex): readonly HostPolicy[] {
  return policiesFor(host, index).filter(({ subsetNames }) => subsetNames.includes(subset));
}

/** Whether any caller gets a subset of a host: istiod takes one DestinationRule per caller, the one with the most specific host. */
export function isDefined(host: string, subset: string, index: TrafficIndex): boolean {
  const known = index.memo(answers);
  const key = `${host} ${subset}`;
  let answer = known.get(key);
  if (answer === undefined) known.set(key, answer = findDefinition(host, subset, index));
  return answer;
}

/** The DestinationRules of the host and of wildcards that hold it, the most specific host first. */
function policiesFor(host: string, index: TrafficIndex): readonly HostPolicy[] {
  const byHost = policiesByHost(index);
  return hostAndWildcards(host).flatMap(name => byHost.get(name) ?? []);
}

function answers(): Map<string, boolean> {
  return new Map();
}

function findDefinition(host: string, subset: string, index: TrafficIndex): boolean {
  const having = policiesWith(host, subset, index);
  if (having.length === 0) return false;
  const policies = policiesFor(host, index);
  if (having.length === policies.length) return true;
  const home = homeOf(host, index);
  const rules = index.memo(destinationRules);
  return callersFor(policies, home).some(proxy => rules.of(proxy, { host, namespace: home })?.subsets.some(({ name }) => name === subset));
}

/**
 * Callers that may get different DestinationRules: of each namespace that one is in or exported to, of those selected, and of any other.
 */
function callersFor(policies: readonly HostPolicy[], home: string): readonly Proxy[] {
  const named = policies.flatMap(({ namespace, exportTo }) => [namespace, ...exportTo.filter(scope => scope !== '.' && scope !== '*')]);
  const selected = policies.flatMap(({ namespace, selector }) => (selector ? [{ namespace, labels: selector }] : []));
  return [...[...new Set([home, ...named, ''])].map(namespace => ({ namespace })), ...selected]
    .map(caller => ({ type: 'sidecar', ...caller }));
}

function homeOf(host: string, index: TrafficIndex): string {
  return index.registry.named(host)[0]?.namespace ?? serviceParts(host)?.namespace ?? '';
}

/**
 * What the input lacks where it defines no such subset of a host; undefined where the DestinationRule that the VirtualService would go with
 * is in the input, and lacks the subset.
 */
export function absentSubset(object: VirtualService, host: string, index: TrafficIndex): Absent | undefined {
  const own = index.namespaceOf(object);
  const policies = policiesByHost(index).get(host) ?? [];
  if (policies.some(({ namespace }) => namespace === own)) return undefined;
  return { kind: 'DestinationRule', namespaces: [own, homeOf(host, index), ...policies.map(({ namespace }) => namespace)] };
}

/** Why no caller gets a subset of a host, and the repair. */
export function lackOfDefinition(host: string, subset: string, index: TrafficIndex): { readonly cause: string; readonly repair: string } {
  const [hidden] = policiesWith(host, subset, index);
  if (!hidden) {
    return {
      cause: `no DestinationRule for '${host}' has a subset '${subset}'`,
      repair: `add '${subset}' with its labels to the subsets of the DestinationRule for '${host}', or correct the name`,
    };
  }
  const [first] = policiesFor(host, index).filter(({ subsetNames }) => !subsetNames.includes(subset));
  const merged = first.host === hidden.host
    ? 'Istio merges DestinationRules of one host only if their namespace, exportTo and workloadSelector are the same'
    : 'Istio merges no DestinationRules of different hosts';
  const [name, used] = [hidden, first].map(({ object }) => `DestinationRule ${index.nameOf(object)}`);
  return {
    cause: `${name} has the subset '${subset}' for '${hidden.host}', but Istio takes ${used} for '${host}', which has no such subset`,
    repair: `add '${subset}' with its labels to the subsets of ${used}; ${merged}`,
  };
}
