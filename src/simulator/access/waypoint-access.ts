import type { Filtered, Stated } from './access-filters';
import { filtered } from './access-filters';
import type { Peer } from './facts';
import { connectionManagerOf } from '../../envoy/filter-chains';
import type { FilterChain } from '../../envoy/xds/listener';
import type { Request } from '../request';
import type { Token } from '../token';

/** A request or a connection as it reaches a waypoint. */
export interface WaypointCall {
  /** Undefined for bytes. */
  readonly request?: Request;
  /** The caller, as its tunnel shows it. */
  readonly peer: Peer;
  /** The port of the service. */
  readonly port: number;
  readonly sourceAddress?: string;
  readonly token: Token;
}

/** What the filters of a waypoint's chain decide. The tunnel keeps the address of the caller. */
export function filteredAtWaypoint(chain: FilterChain, call: WaypointCall, stated: Stated): Filtered {
  const { request, peer, port, sourceAddress, token } = call;
  const filters = connectionManagerOf(chain)?.httpFilters ?? chain.filters ?? [];
  return filtered(filters, { request, peer, directAddress: sourceAddress, remoteAddress: sourceAddress, port, serverName: '', token }, stated);
}
