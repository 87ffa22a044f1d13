import type { DestinationRule } from './visibility';
import { visibilityOf } from './visibility';
import { DestinationRules } from '../../envoy/destination-rules';
import type { ExportTo } from '../../manifest/export-to';
import { groupBy } from '../../manifest/group-by';
import type { Subset, TrafficPolicy } from '../../manifest/istio-specs.generated';
import type { Labels } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';

/** A DestinationRule with a host, as look-ups compare it. */
export interface HostPolicy {
  readonly object: DestinationRule;
  readonly namespace: string;
  /** The host in full. */
  readonly host: string;
  /** The scopes as written, each once and in order; Istio tells none from `*`. */
  readonly exportTo: readonly string[];
  readonly hasSelector: boolean;
  /** The labels of the selected callers, where any are selected. */
  readonly selector?: Labels;
  readonly policy?: TrafficPolicy;
  /** The parts of the policy that are set. */
  readonly parts: readonly PolicyPart[];
  readonly subsets: readonly Subset[];
  readonly subsetNames: readonly string[];
  readonly visibleTo: ExportTo;
}

/** All DestinationRules with a host. */
export function hostPolicies(index: TrafficIndex): readonly HostPolicy[] {
  return index.memo(findPolicies);
}

function findPolicies(index: TrafficIndex): readonly HostPolicy[] {
  return index.of('DestinationRule').flatMap(object => {
    const policy = hostPolicyOf(object, index);
    return policy ? [policy] : [];
  });
}

/** A DestinationRule as look-ups compare it; undefined for one without a host. */
export function hostPolicyOf(object: DestinationRule, index: TrafficIndex): HostPolicy | undefined {
  return index.memoOf(object, readPolicy);
}

function readPolicy(object: DestinationRule, index: TrafficIndex): HostPolicy | undefined {
  const { host, exportTo: scopes = [], workloadSelector, trafficPolicy: policy, subsets = [] } = object.spec ?? {};
  if (host === undefined) return undefined;
  const namespace = index.namespaceOf(object);
  const selector = workloadSelector?.matchLabels;
  return {
    object,
    namespace,
    host: index.fullHost(host, namespace),
    exportTo: [...new Set(scopes)].sort(),
    hasSelector: Object.keys(selector ?? {}).length > 0,
    ...(selector && { selector }),
    ...(policy && { policy }),
    parts: partsOf(policy),
    subsets,
    subsetNames: subsets.map(({ name }) => String(name)),
    visibleTo: visibilityOf(object, index),
  };
}

/** All DestinationRules by their hosts in full. */
export function policiesByHost(index: TrafficIndex): ReadonlyMap<string, readonly HostPolicy[]> {
  return index.memo(groupByHost);
}

function groupByHost(index: TrafficIndex): ReadonlyMap<string, readonly HostPolicy[]> {
  return groupBy(hostPolicies(index), ({ host }) => host);
}

/** The DestinationRules as istiod merges them and finds them for a caller. */
export function destinationRules(index: TrafficIndex): DestinationRules {
  return new DestinationRules(hostPolicies(index).map(({ object }) => object), index.meshConfig, index.clusterDomain);
}

const PARTS = ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls', 'portLevelSettings', 'tunnel', 'proxyProtocol',
  'retryBudget'] as const;
export type PolicyPart = typeof PARTS[number];

/** Which parts of a policy are set. */
export function partsOf(policy: TrafficPolicy | undefined): PolicyPart[] {
  return PARTS.filter(part => policy?.[part] !== undefined);
}
