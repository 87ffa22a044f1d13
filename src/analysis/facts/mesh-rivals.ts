import { canonicalText } from './canonical-text';
import { Rivals } from './rivals';
import type { VirtualService } from './virtual-services';
import { areApart } from '../../manifest/covered-terms';
import { groupBy } from '../../manifest/group-by';
import type { MatchTerm } from '../../manifest/match-algebra';
import type { CallerField } from '../terms';
import { callerOf, termsOf } from '../terms';
import type { TrafficIndex } from '../traffic-index';

/** VirtualServices that are for the same callers and ports. */
interface CallerGroup {
  /** The callers and ports; undefined where the objects are for all. */
  readonly terms: readonly MatchTerm[] | undefined;
  readonly objects: readonly VirtualService[];
  rivals?: Rivals<VirtualService>;
}

/** A condition on callers as text; all of them say that a value equals another one. */
interface CallerValue {
  readonly of: string;
  readonly value: string;
}

/**
 * VirtualServices that claim one host, by their callers. Two never meet the same request if each of their routes is for other callers or
 * ports.
 */
export class MeshRivals {
  private readonly groups: readonly CallerGroup[];
  private readonly groupOf = new Map<VirtualService, CallerGroup>();
  private readonly positions: ReadonlyMap<VirtualService, number>;
  /** Groups by what their terms ask of callers first, and by the value that they ask for. */
  private readonly byFirst = new Map<string, Map<string, Set<CallerGroup>>>();

  public constructor(objects: readonly VirtualService[], index: TrafficIndex) {
    const terms = new Map(objects.map(object => [object, index.memoOf(object, callersOf)]));
    const groups = groupBy(objects, object => canonicalText(terms.get(object) ?? null));
    this.groups = [...groups.values()].map(all => ({ terms: terms.get(all[0]), objects: all }));
    this.positions = new Map(objects.map((object, i) => [object, i]));
    for (const group of this.groups) {
      for (const object of group.objects) this.groupOf.set(object, group);
      for (const term of group.terms ?? [{}]) this.file(group, term);
    }
  }

  /** A VirtualService and those that meet requests of its callers. */
  public of(object: VirtualService): Rivals<VirtualService> {
    const group = this.groupOf.get(object)!;
    return group.rivals ??= this.rivalsOf(group);
  }

  private rivalsOf(group: CallerGroup): Rivals<VirtualService> {
    const meeting = this.groups.length === 1 ? [group] : [...this.candidates(group)].filter(other => other === group || meet(group, other));
    const objects = meeting.flatMap(other => other.objects);
    return new Rivals(objects.sort((a, b) => this.positions.get(a)! - this.positions.get(b)!));
  }

  private file(group: CallerGroup, term: MatchTerm): void {
    const [{ of, value } = { of: '', value: '' }] = valuesOf(term);
    const byValue = this.byFirst.get(of) ?? new Map<string, Set<CallerGroup>>();
    this.byFirst.set(of, byValue.set(value, (byValue.get(value) ?? new Set()).add(group)));
  }

  /** The groups that may meet requests of a group's callers. */
  private candidates({ terms }: CallerGroup): ReadonlySet<CallerGroup> {
    const found = new Set<CallerGroup>();
    for (const term of terms ?? [{}]) {
      const values = new Map(valuesOf(term).map(({ of, value }) => [of, value]));
      for (const [of, byValue] of this.byFirst) {
        const value = values.get(of);
        const filed = value === undefined ? byValue.values() : [byValue.get(value) ?? []];
        for (const groups of filed) for (const group of groups) found.add(group);
      }
    }
    return found;
  }
}

/** The callers and ports of a VirtualService's routes, in an order of their own; undefined where it may be for all. */
function callersOf({ spec: { http = [], tcp = [], tls = [] } = {} }: VirtualService): readonly MatchTerm[] | undefined {
  if (tcp.length > 0 || tls.length > 0 || http.length === 0) return undefined;
  const terms = new Map(http.flatMap(termsOf).map(callerOf).map(term => [canonicalText(term), term]));
  return terms.has('{}') ? undefined : [...terms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
}

function meet({ terms: some }: CallerGroup, { terms: others }: CallerGroup): boolean {
  return !some || !others || !areApart(some, others);
}

/** The values that each condition asks for; those that few objects share come first. */
const VALUES: { readonly [F in CallerField]: (condition: NonNullable<MatchTerm[F]>) => readonly CallerValue[] } = {
  sourceNamespace: value => [{ of: 'sourceNamespace', value }],
  port: value => [{ of: 'port', value: String(value) }],
  sourceLabels: labels => (
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ of: `sourceLabels/${name}`, value }))),
};
const ASKED = Object.entries(VALUES) as [CallerField, (condition: never) => readonly CallerValue[]][];

function valuesOf(term: MatchTerm): readonly CallerValue[] {
  return ASKED.flatMap(([field, values]) => (term[field] === undefined ? [] : values(term[field] as never)));
}
