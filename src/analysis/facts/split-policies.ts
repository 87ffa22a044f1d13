import type { HostPolicy } from './host-policies';
import { hostPolicies, hostPolicyOf } from './host-policies';
import { SelectingPolicies } from './selecting-policies';
import type { DestinationRule } from './visibility';
import { groupBy } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { TrafficIndex } from '../traffic-index';
import { MOST_NAMED } from '../words';

/** A subset or a part of the policy for all callers. */
export interface Setting {
  readonly what: string;
  readonly of: HostPolicy;
}

/** The settings for all callers that the callers of a selecting DestinationRule lose. */
export interface LostSettings {
  /** The first few of them. */
  readonly first: readonly Setting[];
  /** The number of subsets. */
  readonly subsets: number;
  /** The number of parts of the policy. */
  readonly parts: number;
  /** The only DestinationRule for all callers with settings; undefined if there are several. */
  readonly only?: HostPolicy;
}

/** The DestinationRules of one namespace for one host, where there are several, in Istio's order. */
export class SplitPolicies {
  /** Those without a selector. */
  public readonly plain: readonly HostPolicy[];
  /** Those with a selector. */
  public readonly selecting: SelectingPolicies;
  private readonly places: ReadonlyMap<HostPolicy, number>;
  /** Of those without a selector, by their scopes: the first, the first with a policy, and the first with each subset. */
  private readonly first = new Map<string, HostPolicy>();
  private readonly firstWithPolicy = new Map<string, HostPolicy>();
  private readonly firstWithSubset = new Map<string, HostPolicy>();
  private settings?: Settings;

  public constructor(group: readonly HostPolicy[]) {
    const sorted = [...group].sort((a, b) => byAge(a.object, b.object));
    this.places = new Map(sorted.map((policy, place) => [policy, place]));
    this.plain = sorted.filter(({ hasSelector }) => !hasSelector);
    this.selecting = new SelectingPolicies(sorted.filter(({ hasSelector }) => hasSelector));
    for (const policy of this.plain) {
      const scopes = scopesOf(policy);
      keepFirst(this.first, scopes, policy);
      if (policy.parts.length > 0) keepFirst(this.firstWithPolicy, scopes, policy);
      for (const name of policy.subsetNames) keepFirst(this.firstWithSubset, `${scopes} ${name}`, policy);
    }
  }

  /** The first that Istio merges with one, if it comes before that one and has a policy. */
  public policyBefore(own: HostPolicy): HostPolicy | undefined {
    return this.before(own, this.firstWithPolicy.get(scopesOf(own)));
  }

  /** The first that Istio merges with one, if it comes before that one and has a subset. */
  public subsetBefore(own: HostPolicy, name: string): HostPolicy | undefined {
    return this.before(own, this.firstWithSubset.get(`${scopesOf(own)} ${name}`));
  }

  /** The first before one that is exported differently, and `isMeant`. */
  public exportedOtherwiseBefore(own: HostPolicy, isMeant: (other: HostPolicy) => boolean): HostPolicy | undefined {
    return [...this.first].flatMap(([scopes, other]) => (scopes !== scopesOf(own) && isMeant(other) ? this.before(own, other) ?? [] : []))
      .sort((a, b) => this.places.get(a)! - this.places.get(b)!)[0];
  }

  /** The settings for all callers that a DestinationRule with a selector does not repeat. */
  public lostBy({ subsetNames, parts }: HostPolicy): LostSettings {
    const { subsets, parts: all, only } = this.settings ??= settingsOf(this.plain);
    const [kept, stated] = [new Set<string>(subsetNames), new Set<string>(parts)];
    const first: Setting[] = [];
    for (const [known, own] of [[subsets, kept], [all, stated]] as const) {
      for (const [name, setting] of known) {
        if (first.length >= MOST_NAMED) break;
        if (!own.has(name)) first.push(setting);
      }
    }
    const lost = (known: ReadonlyMap<string, Setting>, own: ReadonlySet<string>) => (
      known.size - [...own].filter(name => known.has(name)).length);
    return { first, subsets: lost(subsets, kept), parts: lost(all, stated), only };
  }

  private before(own: HostPolicy, other: HostPolicy | undefined): HostPolicy | undefined {
    return other && !own.hasSelector && this.places.get(other)! < this.places.get(own)! ? other : undefined;
  }
}

/** A DestinationRule that is one of several for its host. */
export interface SplitPolicy {
  readonly own: HostPolicy;
  readonly group: SplitPolicies;
}

/** A DestinationRule among the others of its namespace for its host; undefined where there is no other. */
export function splitPolicyOf(object: DestinationRule, index: TrafficIndex): SplitPolicy | undefined {
  const own = hostPolicyOf(object, index);
  const group = own && index.memo(findGroups).get(placeOf(own));
  return group && { own, group };
}

function placeOf({ namespace, host }: HostPolicy): string {
  return `${namespace}/${host}`;
}

function findGroups(index: TrafficIndex): ReadonlyMap<string, SplitPolicies> {
  const several = [...groupBy(hostPolicies(index), placeOf)].filter(([, group]) => group.length > 1);
  return new Map(several.map(([place, group]) => [place, new SplitPolicies(group)]));
}

/** Istio merges only DestinationRules that are exported alike. */
function scopesOf({ exportTo }: HostPolicy): string {
  return exportTo.join();
}

/** Settings for all callers, by their names. */
interface Settings extends Pick<LostSettings, 'only'> {
  readonly subsets: ReadonlyMap<string, Setting>;
  readonly parts: ReadonlyMap<string, Setting>;
}

/** The settings of DestinationRules that callers in other namespaces see as well. */
function settingsOf(plain: readonly HostPolicy[]): Settings {
  const [subsets, parts] = [new Map<string, Setting>(), new Map<string, Setting>()];
  for (const of of plain) {
    if (of.exportTo.includes('.')) continue;
    for (const name of of.subsetNames) keepFirst(subsets, name, { what: `subset '${name}'`, of });
    for (const part of of.parts) keepFirst(parts, part, { what: part, of });
  }
  const owners = new Set([...subsets.values(), ...parts.values()].map(({ of }) => of));
  return { subsets, parts, ...(owners.size === 1 ? { only: [...owners][0] } : {}) };
}

function keepFirst<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value);
}
