import { isSame } from './is-same';
import { describeMatch } from './match-text';
import { routeTermOf } from './route-term';
import type { RouteTreatment } from './route-treatment';
import { treatmentOf } from './route-treatment';
import type { Route } from '../envoy/xds/route';
import { pathChangeOf } from '../proof/path-change';
import type { Row } from '../proof/route-table';
import { RouteTable } from '../proof/route-table';

/** What a route does to requests, without its names and without fields that only traces and statistics show. */
type Doing = Omit<Route, 'name' | 'match' | 'metadata' | 'decorator' | 'statPrefix'>;

/** One side of a comparison of routes. Most routes are the same on both sides, so each is read only when it is needed. */
export class ComparedRoutes {
  public readonly table: RouteTable;
  private readonly treatments: (RouteTreatment | undefined)[] = [];
  /** For each route the first one of those before it that share what they do: the routes of the matches of one entry. */
  private readonly heads: readonly number[];
  private readonly compared = new Map<string, boolean>();

  constructor(private readonly routes: readonly Route[], private readonly has: (cluster: string) => boolean, seesClaims: boolean) {
    this.table = new RouteTable(routes, seesClaims);
    const heads: number[] = [];
    routes.forEach((route, i) => heads.push(i > 0 && shareDoing(routes[i - 1], route) ? heads[i - 1] : i));
    this.heads = heads;
  }

  /** What the route of a row does. Undefined for the row of requests that no route takes. */
  public treatment({ index }: Row): RouteTreatment | undefined {
    if (index >= this.routes.length) return undefined;
    return this.treatments[index] ??= this.likeTheFirst(index) ?? treatmentOf(this.routes[index], this.has);
  }

  /** Whether the routes of two rows are the same but for their names and matches. */
  public doesTheSame({ index }: Row, other: ComparedRoutes, { index: place }: Row): boolean {
    const [head, otherHead] = [this.heads[index], other.heads[place]];
    const key = `${head} ${otherHead}`;
    let known = this.compared.get(key);
    if (known === undefined) this.compared.set(key, known = isSame(doingOf(this.routes[head]), doingOf(other.routes[otherHead])));
    return known;
  }

  public name({ index }: Row): string | undefined {
    return this.routes[index]?.name;
  }

  /** Which requests the route of a row takes, in words. */
  public words({ index }: Row): string {
    return index < this.routes.length ? describeMatch(routeTermOf(this.routes[index])) : EVERY_REQUEST;
  }

  /** The matches of one entry have the same treatment, but each may replace a different part of the path. */
  private likeTheFirst(index: number): RouteTreatment | undefined {
    const head = this.heads[index];
    if (head === index) return undefined;
    const first = this.treatments[head] ??= treatmentOf(this.routes[head], this.has);
    const path = pathChangeOf(this.routes[index]);
    return path.key === first.path.key ? first : { ...first, path };
  }
}

export const EVERY_REQUEST = 'every request';

function doingOf(route: Route | undefined): Doing {
  const { name: _, match: __, metadata: ___, decorator: ____, statPrefix: _____, ...doing } = route ?? {};
  return doing;
}

/** Whether two routes are made of the same objects, but for their names and matches. */
function shareDoing(a: Route, b: Route): boolean {
  const [one, other] = [doingOf(a), doingOf(b)] as const;
  const fields = Object.keys(one) as (keyof Doing)[];
  return fields.length === Object.keys(other).length && fields.every(field => one[field] === other[field]);
}
