import type { Fields } from './fields';
import { items, texts } from './fields';
import type { TrafficIndex } from './traffic-index';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A DestinationRule, with what lookups compare. */
export interface StatedPolicy {
  readonly object: KubernetesObject;
  readonly namespace: string;
  readonly host: string;
  /** The scopes as written; Istio tells none from `*`. */
  readonly exportTo: readonly string[];
  readonly hasSelector: boolean;
  readonly policy: Fields;
  readonly subsets: readonly Fields[];
}

/** Made once for each set of manifests. */
const KNOWN = new WeakMap<TrafficIndex, readonly StatedPolicy[]>();

export function statedPolicies(index: TrafficIndex): readonly StatedPolicy[] {
  const known = KNOWN.get(index) ?? read(index);
  KNOWN.set(index, known);
  return known;
}

function read(index: TrafficIndex): readonly StatedPolicy[] {
  return index.of('DestinationRule').filter(({ spec }) => typeof spec?.host === 'string').map(object => ({
    object,
    namespace: index.namespaceOf(object),
    host: index.fullHost(object.spec.host, index.namespaceOf(object)),
    exportTo: [...new Set(texts(object.spec.exportTo))].sort(),
    hasSelector: Object.keys(object.spec.workloadSelector?.matchLabels ?? {}).length > 0,
    policy: object.spec.trafficPolicy,
    subsets: items(object.spec.subsets),
  }));
}

const SUBSETS = new WeakMap<TrafficIndex, ReadonlySet<string>>();

/** The subsets that DestinationRules give hosts, as `host subset`, whoever may see them. */
export function statedSubsets(index: TrafficIndex): ReadonlySet<string> {
  const known = SUBSETS.get(index) ?? new Set(statedPolicies(index).flatMap(({ host, subsets }) => subsets.map(({ name }) => `${host} ${name}`)));
  SUBSETS.set(index, known);
  return known;
}

const PARTS = ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls', 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

/** Which parts of a policy are stated. */
export function partsOf(policy: Fields): string[] {
  return PARTS.filter(part => policy?.[part] !== undefined);
}

export function subsetNamesOf({ subsets }: StatedPolicy): string[] {
  return subsets.map(({ name }) => String(name));
}
