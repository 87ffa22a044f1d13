import type { Condition } from './condition';
import { conditionKey, conditionsOf } from './condition';
import type { Requests } from './requests';
import type { StringSet } from './string-set';
import type { Route } from '../envoy/xds/route';
import { PrefixMap } from '../manifest/prefix-map';

/** What a route takes. */
export interface Row {
  /** Its place; that of the last row, which takes what no route takes, is the number of routes. */
  readonly index: number;
  readonly conditions: readonly Condition[];
  /** Equal for rows that ask for the same in the same words. */
  readonly key: string;
}

/** The routes of a virtual host as a table of which the first row that takes a request counts. The last one takes what is left. */
export class RouteTable {
  public readonly rows: readonly Row[];
  /** The first row of each key; others of the key take nothing. */
  public readonly byKey = new Map<string, Row>();
  private readonly byPath = new Map<string, Row[]>();
  private readonly byStart = new PrefixMap<Row>();
  /** The rows with what their paths begin with, in the order of these strings. */
  private sorted?: readonly (readonly [start: string, row: Row])[];

  /** `seesClaims` says whether the routes see the claims of tokens. */
  constructor(routes: readonly Pick<Route, 'match'>[], seesClaims: boolean) {
    const rows = routes.map(({ match }, index): Row => rowOf(index, conditionsOf(match, seesClaims)));
    this.rows = [...rows, rowOf(routes.length, [])];
    for (const row of this.rows) {
      if (this.byKey.has(row.key)) continue;
      this.byKey.set(row.key, row);
      const path = pathOf(row);
      if (path?.only !== undefined) add(this.byPath, path.only, row);
      else this.byStart.add(path?.start ?? '', row);
    }
  }

  /** The row that takes what no route takes. */
  public get last(): Row {
    return this.rows[this.rows.length - 1];
  }

  /** The row that takes a sample. */
  public first(requests: Requests): Row {
    for (const row of this.rowsOnPath(requests.sample('path')[0])) {
      if (row.conditions.every(condition => requests.meets(condition))) return row;
    }
    return this.last;
  }

  /** Whether the row of a sample depends on a condition that is not decided. */
  public isUncertain(requests: Requests, row: Row): boolean {
    return this.rowsOnPath(requests.sample('path')[0]).some(({ index, conditions }) => (
      index <= row.index && conditions.some(c => requests.isOpen(c)) && conditions.every(c => requests.isOpen(c) || requests.meets(c))));
  }

  /** The rows that may share requests with one, as far as the paths tell. */
  public near(row: Row): readonly Row[] {
    const path = pathOf(row);
    if (path?.only !== undefined) return this.rowsOnPath(path.only);
    const start = path?.start ?? '';
    if (start.length <= 1) return [...this.byKey.values()];
    const rows = [...this.rowsOnPath(start)];
    this.sorted ??= [...this.byKey.values()]
      .map(each => [pathOf(each)?.start ?? '', each] as const)
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.sorted[middle][0] <= start) low = middle + 1;
      else high = middle;
    }
    for (; low < this.sorted.length && this.sorted[low][0].startsWith(start); low++) rows.push(this.sorted[low][1]);
    return rows.sort(byIndex);
  }

  /** The rows that may take a path, in their order, and some others. */
  private rowsOnPath(path: string): readonly Row[] {
    const found = [...(this.byPath.get(path) ?? [])];
    this.byStart.over(path, rows => {
      for (const row of rows) found.push(row);
    });
    return found.length > 1 ? found.sort(byIndex) : found;
  }
}

function rowOf(index: number, conditions: readonly Condition[]): Row {
  return { index, conditions, key: conditions.map(conditionKey).join('\n') };
}

function byIndex(a: Row, b: Row): number {
  return a.index - b.index;
}

function pathOf({ conditions }: Row): StringSet | undefined {
  const condition = conditions.find(({ field, holds, test }) => field === 'path' && holds && typeof test !== 'string');
  return condition?.test as StringSet | undefined;
}

/** What every path that two rows take begins with: a slash at least. */
export function commonStart(a: Row, b: Row): string {
  const [one, other] = [a, b].map(row => pathOf(row)?.start || '/');
  return one.length > other.length ? one : other;
}

function add(map: Map<string, Row[]>, key: string, row: Row): void {
  const known = map.get(key);
  if (known) known.push(row);
  else map.set(key, [row]);
}
