import type { Caller } from './callers';
import type { ExampleRequest } from '../proof/example-request';

export type Risk = 'high' | 'medium' | 'low';

export const RISKS: readonly Risk[] = ['high', 'medium', 'low'];

/** A stable name for what changed. */
export type ChangeKind =
  | 'host-blocked' | 'host-reachable' | 'host-passed-through' | 'names' | 'https-only' | 'unknown-hosts'
  | 'route-added' | 'route-removed' | 'precedence' | 'not-decided'
  | 'shares' | 'answer' | 'mirror' | 'timeout' | 'retries' | 'fault' | 'rewrite' | 'headers' | 'cors' | 'hash-policy' | 'other'
  | 'limits' | 'outlier-detection' | 'load-balancing' | 'connections' | 'tls' | 'endpoints' | 'selection' | 'inbound' | 'cluster'
  | 'refused' | 'accepted'
  | 'connection-added' | 'connection-removed' | 'connection-shares' | 'connection-treatment';

/** A share of a route's requests that moves. */
export interface Move {
  readonly destination: string;
  readonly before: number;
  readonly after: number;
}

/** A connection without HTTP, as a caller opens it. */
export interface ExampleConnection {
  /** `tcp://HOST:PORT`, or `tls://SERVER_NAME:PORT`. */
  readonly url: string;
  /** The host or address that the caller connects to, if it is not the server name. */
  readonly to?: string;
}

/** A connection in words. */
export function describeConnection({ url, to }: ExampleConnection): string {
  return to === undefined ? url : `${url} at ${to}`;
}

/** One difference for the traffic of a host. */
export interface Change {
  readonly kind: ChangeKind;
  readonly risk: Risk;
  readonly host: string;
  readonly port?: number;
  /** Which requests change. Undefined for all requests to the host. */
  readonly requests?: string;
  /** The name of the route in the VirtualService. */
  readonly route?: string;
  /** The destination whose settings change. */
  readonly destination?: string;
  readonly before: string;
  readonly after: string;
  readonly moves?: readonly Move[];
  /** One of the requests. */
  readonly example?: ExampleRequest;
  /** One of the connections. */
  readonly connection?: ExampleConnection;
}

/** A change and the callers whose traffic it affects. */
export interface TrafficChange extends Change {
  readonly callers: readonly Caller[];
}
