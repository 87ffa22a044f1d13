import type { VirtualHost } from '../../envoy/xds/route';
import type { Arrival } from '../../proof/arrival';
import { Budget } from '../../proof/budget';
import type { RequestSpace } from '../../proof/fields';
import { requestSpace } from '../../proof/fields';
import { isReached } from '../../proof/reachability';
import { isWithin, overlap } from '../../proof/relations';
import type { Row } from '../../proof/route-table';
import { RouteTable } from '../../proof/route-table';

/** Steps for the relations between the routes of a host. If they do not suffice, two routes count as sharing requests. */
const STEPS = 1_000_000;

/** Explains the position of each route in a virtual host. */
export class RoutePositions {
  private readonly table: RouteTable;
  private readonly arrival: Arrival;
  private readonly space: RequestSpace;

  /** `seesClaims` says whether the routes see the claims of tokens. */
  constructor({ routes = [], domains }: VirtualHost, seesClaims: boolean) {
    this.table = new RouteTable(routes, seesClaims);
    this.arrival = { domains, ignorePort: true, authority: domains[0], others: [], schemes: ['http', 'https'] };
    this.space = requestSpace(this.arrival, true, new Budget(STEPS));
  }

  /** The position of a route, in words. */
  public describe(place: number): string {
    const row = this.table.rows[place];
    const near = this.table.near(row).filter(({ index }) => index < this.table.last.index);
    const [before, after] = [near.filter(({ index }) => index < place), near.filter(({ index }) => index > place)];
    if (!this.overlap(row, row)) return 'never reached: no request meets its conditions';
    if (!isReached(this.table, row, this.arrival)) {
      const covering = before.find(other => this.isWithin(row, other));
      return `never reached: ${covering ? `route ${covering.index + 1} takes` : 'earlier routes together take'} all of its requests`;
    }
    if (this.table.rows.length === 2) return 'the only route';
    const wider = after.find(other => this.isWithin(row, other));
    if (wider) return `before route ${wider.index + 1}, which would take all of its requests`;
    const sharing = after.find(other => this.overlap(row, other));
    if (sharing) return `before route ${sharing.index + 1}, with which it shares requests: the first one gets them`;
    return before.some(other => this.overlap(row, other)) ? 'after narrower routes: it takes the remaining requests'
      : 'anywhere: it shares no request with another route';
  }

  private isWithin(row: Row, other: Row): boolean {
    return isWithin(this.space, row.conditions, other.conditions);
  }

  private overlap(row: Row, other: Row): boolean {
    return overlap(this.space, row.conditions, other.conditions);
  }
}
