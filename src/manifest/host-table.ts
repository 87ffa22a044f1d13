import { addToGroup } from './group-by';
import { isHostWithin, isWildcard } from './host-name';

/** Values by host. A look-up finds the hosts that have a name in common with the given one. Both may be wildcards. */
export class HostTable<T> {
  private readonly names = new Map<string, T[]>();
  /** The wildcards, by what follows the `*`. */
  private readonly wildcards = new Map<string, T[]>();
  private readonly lengths = new Set<number>();
  /** All hosts, reversed and sorted, so that hosts with the same ending are adjacent. */
  private fromEnd: (readonly [reversed: string, host: string])[] | undefined;

  public constructor(entries: Iterable<readonly [host: string, value: T]> = []) {
    for (const [host, value] of entries) this.add(host, value);
  }

  public add(host: string, value: T): void {
    if (isWildcard(host)) this.lengths.add(host.length - 1);
    addToGroup(isWildcard(host) ? this.wildcards : this.names, isWildcard(host) ? host.slice(1) : host, value);
    this.fromEnd = undefined;
  }

  /** Whether any host has a name in common with this one. */
  public overlaps(host: string): boolean {
    return this.overlapping(host).length > 0;
  }

  /** The values of all hosts that have a name in common with this one. */
  public overlapping(host: string): readonly T[] {
    const rest = isWildcard(host) ? host.slice(1) : host;
    const found: T[] = [];
    const take = (values: readonly T[] = []) => values.forEach(value => found.push(value));
    for (const length of this.lengths) if (length <= rest.length) take(this.wildcards.get(rest.slice(rest.length - length)));
    if (!isWildcard(host)) {
      take(this.names.get(host));
      return found;
    }
    for (const inner of this.endingWith(rest)) {
      if (!isWildcard(inner)) take(this.names.get(inner));
      else if (inner.length > host.length) take(this.wildcards.get(inner.slice(1)));
    }
    return found;
  }

  private *endingWith(end: string): Iterable<string> {
    this.fromEnd ??= [...this.names.keys(), ...[...this.wildcards.keys()].map(rest => `*${rest}`)]
      .map(host => [reversed(isWildcard(host) ? host.slice(1) : host), host] as const).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    const wanted = reversed(end);
    let [from, to] = [0, this.fromEnd.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.fromEnd[middle][0] < wanted) from = middle + 1;
      else to = middle;
    }
    for (let i = from; i < this.fromEnd.length && this.fromEnd[i][0].startsWith(wanted); i++) yield this.fromEnd[i][1];
  }
}

/** The number of pairs of hosts from which a table is faster. */
const MOST_PAIRS = 256;

/** The hosts that two lists have in common: the narrower host of each pair. */
export function commonHosts(some: readonly string[], others: readonly string[]): string[] {
  const common = new Set<string>();
  const table = some.length * others.length > MOST_PAIRS ? new HostTable(others.map((host, place) => [host, place])) : undefined;
  for (const a of some) {
    const candidates = table ? [...table.overlapping(a)].sort((b, c) => b - c).map(place => others[place]) : others;
    for (const b of candidates) {
      if (isHostWithin(a, b)) common.add(a);
      else if (isHostWithin(b, a)) common.add(b);
    }
  }
  return [...common];
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
