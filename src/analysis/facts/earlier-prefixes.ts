import { canonicalText } from './canonical-text';
import type { HTTPMatchRequest, StringMatch } from '../../manifest/istio-specs.generated';
import { PrefixMap } from '../../manifest/prefix-map';

/** A match by a prefix of the path. */
export interface PrefixMatch {
  readonly path: string;
  readonly entry: string;
  readonly match: HTTPMatchRequest;
  readonly prefix: string;
}

/** Matches by prefix that ask for the same, apart from the path. */
interface Alike extends PrefixMatch {
  readonly number: number;
  readonly asked: string;
}

/** Of how many matches of one prefix that ask for different things each is compared; of more, only those that ask for the same. */
const MOST_COMPARED = 64;

/** Matches of one prefix, the first of those that ask for the same. */
interface SamePrefix {
  readonly prefix: string;
  readonly byAsked: Map<string, Alike>;
}

/** Earlier matches by prefix, as Istio's analyzers compare later ones with them. */
export class EarlierPrefixes {
  private readonly prefixes = new PrefixMap<SamePrefix>();
  private count = 0;

  public add(one: PrefixMatch): void {
    const { prefix, match } = one;
    let same = this.prefixes.of(prefix).find(other => other.prefix === prefix);
    if (!same) this.prefixes.add(prefix, same = { prefix, byAsked: new Map() });
    const asked = askedBeside(match);
    const number = this.count++;
    if (!same.byAsked.has(asked)) same.byAsked.set(asked, { ...one, asked, number });
  }

  /** The first whose prefix contains that of a later match, and that asks for no more. */
  public containing({ prefix, match }: PrefixMatch): PrefixMatch | undefined {
    const asked = askedBeside(match);
    let first: Alike | undefined;
    const consider = (earlier: Alike | undefined) => {
      if (earlier && (!first || earlier.number < first.number) && isLooser(earlier.match, match)) first = earlier;
    };
    this.prefixes.over(prefix, all => all.forEach(same => {
      if (same.prefix === prefix || !prefix.startsWith(same.prefix)) return;
      if (same.byAsked.size > MOST_COMPARED) consider(same.byAsked.get(asked));
      else same.byAsked.forEach(consider);
    }));
    return first;
  }
}

/** A condition as the analyzer compares it: what it is equal to, or begins with. */
function comparable(condition: StringMatch | undefined): string {
  if (condition?.exact) return `exact ${condition.exact}`;
  return condition?.prefix ? `prefix ${condition.prefix}` : '';
}

const MAPS = ['headers', 'queryParams', 'withoutHeaders'] as const;

function methodOf({ method }: HTTPMatchRequest): string {
  return comparable(method) || 'exact GET';
}

/** All that the analyzer compares of a match, apart from the path. */
function askedBeside(match: HTTPMatchRequest): string {
  const maps = MAPS.map(field =>
    Object.fromEntries(Object.entries(match[field] ?? {}).map(([name, condition]) => [name, comparable(condition)])),
  );
  return canonicalText([match.port ?? 0, methodOf(match), comparable(match.authority), ...maps]);
}

/** Whether an earlier match takes what a later one would, apart from the path. */
function isLooser(earlier: HTTPMatchRequest, later: HTTPMatchRequest): boolean {
  if ((earlier.port ?? 0) !== (later.port ?? 0) || !methodOf(earlier).startsWith(methodOf(later))) return false;
  if (!comparable(earlier.authority).startsWith(comparable(later.authority))) return false;
  return MAPS.every(field => {
    const [some, others] = [earlier[field] ?? {}, later[field] ?? {}];
    return Object.keys(some).length === Object.keys(others).length
      && Object.entries(some).every(([name, condition]) => Object.hasOwn(others, name)
        && comparable(condition).startsWith(comparable(others[name])));
  });
}
