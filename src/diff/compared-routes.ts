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

  constructor(private readonly routes: readonly Route[], private readonly has: (cluster: string) => boolean) {
    this.table = new RouteTable(routes);
  }

  /** What the route of a row does. Undefined for the row of requests that no route takes. */
  public treatment({ index }: Row): RouteTreatment | undefined {
    if (index >= this.routes.length) return undefined;
    return this.treatments[index] ??= this.likeTheOneBefore(index) ?? treatmentOf(this.routes[index], this.has);
  }

  /** The route of a row without names, as Envoy has it. */
  public doing({ index }: Row): Doing {
    const { name: _, match: __, metadata: ___, decorator: ____, statPrefix: _____, ...doing } = this.routes[index] ?? {};
    return doing;
  }

  public name({ index }: Row): string | undefined {
    return this.routes[index]?.name;
  }

  /** Which requests the route of a row takes, in words. */
  public words({ index }: Row): string {
    return index < this.routes.length ? describeMatch(routeTermOf(this.routes[index])) : EVERY_REQUEST;
  }

  /** The matches of one rule have the same treatment, but each may replace a different part of the path. */
  private likeTheOneBefore(index: number): RouteTreatment | undefined {
    const before = this.treatments[index - 1];
    if (before === undefined || !isSame(this.doing(this.table.rows[index - 1]), this.doing(this.table.rows[index]))) return undefined;
    const path = pathChangeOf(this.routes[index]);
    return path.key === before.path.key ? before : { ...before, path };
  }
}

export const EVERY_REQUEST = 'every request';
