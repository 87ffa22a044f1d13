import type { Caller } from '../diff/callers';
import type { NotJudged } from '../edge/not-judged';
import type { RouteOrigin } from '../envoy/proxy-config';
import type { Witness } from '../invariants/result';

/** What is wrong with requests to a host, or with a route. */
export type HoleKind =
  /** 404: no route takes them. */
  | 'no route'
  /** 503: the route names a cluster that the proxy does not have. */
  | 'unknown cluster'
  /** 503: the destination has no endpoint. */
  | 'no endpoint'
  /** A caller that follows the redirect is redirected endlessly. */
  | 'redirect loop'
  /** No request reaches the route: earlier ones take them all. */
  | 'unreachable'
  /** Only the last route takes them, which has no conditions, though others have. This may be intended. */
  | 'default';

/** A gap in the routes of a host, for some callers. */
export interface Hole {
  readonly kind: HoleKind;
  readonly host: string;
  readonly port: number;
  readonly callers: Caller[];
  /** A request that shows it, as the simulator confirms. Undefined for a route that no request reaches. */
  readonly witness?: Witness;
  /** The entry of the route. Undefined without a route, or for one that Istio adds. */
  readonly origin?: RouteOrigin;
  /** The entries that take the requests of an unreachable route. */
  readonly coveredBy: readonly RouteOrigin[];
  /** What is not read, or not in the input, and may fill the hole. */
  readonly notJudged: readonly NotJudged[];
}
