import { isBackendPolicy, underStated } from './backend-policy';
import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import { hasLabels } from './proxy';
import type { Service } from './service';
import { fullHost, HostIndex } from '../manifest/host-name';
import type { DestinationRuleSpec, Subset, TrafficPolicy } from '../manifest/istio-specs.generated';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

type Source = ManifestOf<'DestinationRule'>;

/** The DestinationRules of one host in one namespace, as istiod merges them. */
export interface DestinationRule {
  readonly namespace: string;
  /** The labels of the callers to which it applies; undefined for all callers. */
  readonly selector?: { readonly [key: string]: string };
  readonly subsets: readonly Subset[];
  readonly trafficPolicy?: TrafficPolicy;
  /** The merged objects, the first one first. */
  readonly from: readonly Source[];
}

/** A DestinationRule while others are merged into it. */
interface Merged extends DestinationRule {
  readonly exportTo: ReadonlySet<string>;
  readonly scopes: string;
  readonly subsets: Subset[];
  readonly names: Set<string | undefined>;
  trafficPolicy?: TrafficPolicy;
  readonly from: Source[];
}

type Rules = HostIndex<Merged[]>;

/** One DestinationRule before it is merged. */
interface Stated {
  readonly object: Source;
  readonly spec: DestinationRuleSpec;
  readonly namespace: string;
  readonly host: string;
  readonly selector?: { readonly [key: string]: string };
  /** As written: empty differs from `*`. With a selector, the own namespace. */
  readonly exportTo: ReadonlySet<string>;
  /** The same as a string, for comparison. */
  readonly scopes: string;
}

/** The DestinationRules of a mesh, by host and caller. */
export class DestinationRules {
  /** By namespace: the rules for callers of the same namespace. */
  private readonly local = new Map<string, Rules>();
  /** By namespace: the rules that other namespaces may use. */
  private readonly exported = new Map<string, Rules>();
  /** The private rules of the root namespace. */
  private readonly rootOnly: Rules = new HostIndex();
  private readonly found = new Map<string, Map<string, readonly Merged[]>>();

  constructor(objects: readonly Source[], private readonly mesh: MeshConfig, clusterDomain = 'cluster.local') {
    const rules = objects.map(object => read(object, clusterDomain));
    const selectorsFirst = (a: Stated, b: Stated) => Number(b.selector !== undefined) - Number(a.selector !== undefined);
    const byOrder = (a: Stated, b: Stated) => selectorsFirst(a, b) || byAge(a.object, b.object);
    for (const rule of rules.sort(byOrder)) this.add(rule);
  }

  /** The rule that applies to a proxy's calls to a service. */
  public of(proxy: Proxy, service: Pick<Service, 'host' | 'namespace'>): DestinationRule | undefined {
    let all: Merged | undefined;
    for (const rule of this.candidates(service, proxy.namespace)) {
      if (rule.selector === undefined) all = rule;
      else if (rule.namespace === proxy.namespace && hasLabels(proxy, rule.selector)) return rule;
    }
    return all;
  }

  private candidates(service: Pick<Service, 'host' | 'namespace'>, namespace: string): readonly Merged[] {
    const known = this.found.get(namespace) ?? new Map<string, readonly Merged[]>();
    this.found.set(namespace, known);
    const key = `${service.namespace}/${service.host}`;
    let rules = known.get(key);
    if (!rules) {
      rules = this.lookUp(service, namespace);
      known.set(key, rules);
    }
    return rules;
  }

  /** Istio takes the rules of one namespace: the caller's, else the service's, else the root namespace. */
  private lookUp({ host, namespace: owner }: Pick<Service, 'host' | 'namespace'>, namespace: string): readonly Merged[] {
    const root = this.mesh.rootNamespace;
    const own = (namespace === root ? this.rootOnly : this.local.get(namespace))?.mostSpecific(host);
    if (own) return own.value;
    for (const place of [owner, root]) {
      const usable = (this.exported.get(place)?.mostSpecific(host)?.value ?? [])
        .filter(({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace));
      if (usable.length > 0) return usable;
    }
    return [];
  }

  private add(rule: Stated): void {
    const { namespace, exportTo } = rule;
    if (exportTo.size === 0 || ['*', '.', namespace].some(scope => exportTo.has(scope))) merge(rulesOf(this.local, namespace), rule);
    const byDefault = exportTo.size === 0 && this.mesh.defaultDestinationRuleExportTo.includes('.');
    const isPrivate = byDefault || (exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace)));
    if (!isPrivate) merge(rulesOf(this.exported, namespace), rule);
    else if (namespace === this.mesh.rootNamespace) merge(this.rootOnly, rule);
  }
}

function read(object: Source, clusterDomain: string): Stated {
  const { spec = {} } = object;
  const { namespace = '' } = object.metadata;
  const selector = spec.workloadSelector && (spec.workloadSelector.matchLabels ?? {});
  const exportTo = new Set(selector ? ['.'] : spec.exportTo ?? []);
  return {
    object,
    spec,
    namespace,
    host: fullHost(spec.host ?? '', namespace, clusterDomain),
    ...(selector ? { selector } : {}),
    exportTo,
    scopes: [...exportTo].sort().join(),
  };
}

function rulesOf(places: Map<string, Rules>, namespace: string): Rules {
  const rules = places.get(namespace) ?? new HostIndex<Merged[]>();
  places.set(namespace, rules);
  return rules;
}

/**
 * Merges a rule into the others of its host, or adds it to them. Merging adds subsets with new names, and the policy if there is none. What
 * a BackendTLSPolicy sets fills what DestinationRules leave open.
 * A rule is merged into rules of the same or of a narrower visibility, unless their selectors differ. It is also added on its own unless
 * the last rule that qualifies took it.
 */
function merge(rules: Rules, rule: Stated): void {
  const others = rules.get(rule.host);
  if (!others) {
    rules.set(rule.host, [alone(rule)]);
    return;
  }
  let standsAlone = true;
  for (const other of others) {
    const isEqual = rule.scopes === other.scopes;
    standsAlone = !isEqual;
    if (!isEqual && !isNarrower(other.exportTo, rule.exportTo)) continue;
    if (other.selector && rule.selector && !equalLabels(other.selector, rule.selector)) {
      standsAlone = true;
      continue;
    }
    if ((other.selector === undefined) === (rule.selector === undefined)) standsAlone = false;
    const added = (rule.spec.subsets ?? []).filter(({ name }) => !other.names.has(name));
    for (const subset of added) {
      other.subsets.push(subset);
      other.names.add(subset.name);
    }
    const isBackend = isBackendPolicy(other.from[0]);
    if (isBackend === isBackendPolicy(rule.object)) other.trafficPolicy ??= rule.spec.trafficPolicy;
    else if (isBackend) other.trafficPolicy = underStated(rule.spec.trafficPolicy, other.trafficPolicy);
    else other.trafficPolicy = underStated(other.trafficPolicy, rule.spec.trafficPolicy);
    other.from.push(rule.object);
  }
  if (!standsAlone) return;
  // Of two with the same visibility the later one applies to all callers, so the earlier one is dropped.
  const hidden = rule.selector ? -1 : others.findIndex(({ selector, scopes }) => selector === undefined && scopes === rule.scopes);
  if (hidden >= 0) others.splice(hidden, 1);
  others.push(alone(rule));
}

function alone({ object, spec: { subsets = [], trafficPolicy }, namespace, selector, exportTo, scopes }: Stated): Merged {
  const names = new Set(subsets.map(({ name }) => name));
  return { namespace, selector, exportTo, scopes, subsets: [...subsets], names, trafficPolicy, from: [object] };
}

/** Whether a visibility that is set is a part of another. */
function isNarrower(inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean {
  if (inner.size === 0 || inner.size >= outer.size) return false;
  for (const value of inner) if (!outer.has(value)) return false;
  return true;
}

function equalLabels(a: { readonly [key: string]: string }, b: { readonly [key: string]: string }): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key]);
}
