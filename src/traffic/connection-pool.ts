import { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';
import { fieldProblem, statedProblem } from './problem';

/** Whether HTTP/1.1 connections to a service are upgraded to HTTP/2. */
export enum H2UpgradePolicy {
  /** What the mesh says. */
  DEFAULT = 'DEFAULT',
  /** Never. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** Always. */
  UPGRADE = 'UPGRADE',
}

/**
 * TCP keep-alive probes.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-TCPSettings-TcpKeepalive
 */
export interface TcpKeepalive {
  /**
   * Unanswered probes after which a connection is dead.
   * @default - the operating system's, 9 on Linux
   */
  readonly probes?: number;
  /**
   * Idle time before the first probe.
   * @default - the operating system's, 2 hours on Linux
   */
  readonly time?: Duration;
  /**
   * Time between probes.
   * @default - the operating system's, 75 s on Linux
   */
  readonly interval?: Duration;
}

/**
 * HTTP/2 keep-alive pings.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings-ConnectionKeepalive
 */
export interface Http2Keepalive {
  /** Time between pings. */
  readonly interval: Duration;
  /** How long to wait for the answer before the connection is closed. */
  readonly timeout: Duration;
}

/**
 * Limits of the connections and requests that one calling proxy has open to one cluster: to a service's port, and to each subset of its own.
 * They are not shared by callers or subsets: ten callers with `maxConnections: 100` may open 1,000.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export interface ConnectionPool {
  /**
   * Connections, counted in Envoy's `upstream_cx_overflow` where they do not suffice. Requests above it wait, but an endpoint without a connection always gets its first.
   * @default - 2^32-1
   */
  readonly maxConnections?: number;
  /**
   * How long to wait for a TCP connection.
   * @default - 10 s
   */
  readonly connectTimeout?: Duration;
  /**
   * TCP keep-alive probes.
   * @default - none
   */
  readonly tcpKeepalive?: TcpKeepalive;
  /**
   * How long a connection may live.
   * @default - for ever
   */
  readonly maxConnectionDuration?: Duration;
  /**
   * How long a TCP connection may be idle. Holds for HTTP as well where `idleTimeout` is not stated. Zero switches it off.
   * @default - 1 hour
   */
  readonly tcpIdleTimeout?: Duration;
  /**
   * Requests that wait for a connection; the next one is answered 503 with the response flag UO and `x-envoy-overloaded`, and counted
   * in Envoy's `upstream_rq_pending_overflow`. Envoy applies it to HTTP/2 as well.
   * @default - 2^32-1
   */
  readonly http1MaxPendingRequests?: number;
  /**
   * Requests under way at once, over HTTP/1.1 and HTTP/2; the next one is answered 503 with the response flag UO.
   * @default - 2^32-1
   */
  readonly http2MaxRequests?: number;
  /**
   * Requests after which a connection is closed; 1 switches keep-alive off.
   * @default - without limit
   */
  readonly maxRequestsPerConnection?: number;
  /**
   * Retries under way at once.
   * @default - 2^32-1
   */
  readonly maxRetries?: number;
  /**
   * How long an HTTP connection may be without requests. Zero switches it off.
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;
  /**
   * Whether HTTP/1.1 connections are upgraded to HTTP/2.
   * @default H2UpgradePolicy.DEFAULT
   */
  readonly h2UpgradePolicy?: H2UpgradePolicy;
  /**
   * Speak to the service the protocol that the client spoke. Not beside `h2UpgradePolicy: UPGRADE`.
   * @default false
   */
  readonly useClientProtocol?: boolean;
  /**
   * Streams at once on one HTTP/2 connection. Of effect only where callers speak HTTP/2 to the endpoints.
   * @default - 2^31-1
   */
  readonly maxConcurrentStreams?: number;
  /**
   * HTTP/2 keep-alive pings. Of effect only where callers speak HTTP/2 to the endpoints.
   * @default - none
   */
  readonly http2KeepAlive?: Http2Keepalive;
}

/** Where each field stands in a DestinationRule's `trafficPolicy`. */
const PLACES: { readonly [field in keyof ConnectionPool]-?: string } = {
  maxConnections: 'connectionPool.tcp.maxConnections',
  connectTimeout: 'connectionPool.tcp.connectTimeout',
  tcpKeepalive: 'connectionPool.tcp.tcpKeepalive',
  maxConnectionDuration: 'connectionPool.tcp.maxConnectionDuration',
  tcpIdleTimeout: 'connectionPool.tcp.idleTimeout',
  http1MaxPendingRequests: 'connectionPool.http.http1MaxPendingRequests',
  http2MaxRequests: 'connectionPool.http.http2MaxRequests',
  maxRequestsPerConnection: 'connectionPool.http.maxRequestsPerConnection',
  maxRetries: 'connectionPool.http.maxRetries',
  idleTimeout: 'connectionPool.http.idleTimeout',
  h2UpgradePolicy: 'connectionPool.http.h2UpgradePolicy',
  useClientProtocol: 'connectionPool.http.useClientProtocol',
  maxConcurrentStreams: 'connectionPool.http.maxConcurrentStreams',
  http2KeepAlive: 'connectionPool.http.http2KeepAlive',
};
const FIELDS = Object.keys(PLACES);

const unset = (limit: string) => ({ min: 1, zero: `Istio reads as unset (${limit}), not as "none"; use 1, or leave it out` });

/** The limits, and what Istio makes of 0. */
const LIMITS = {
  maxConnections: unset('2^32-1'),
  http1MaxPendingRequests: unset('2^32-1'),
  http2MaxRequests: unset('2^32-1'),
  maxRequestsPerConnection: unset('without limit'),
  maxRetries: unset('2^32-1'),
  maxConcurrentStreams: unset('2^31-1'),
};
const LIMITED = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
const PROBES = unset('the operating system\'s');

/** What is wrong with a connection pool, if anything. */
export function connectionPoolProblem(pool: ConnectionPool): Problem {
  const unknown = fieldProblem('connectionPool', pool, FIELDS);
  if (unknown) return unknown;
  if (Object.values(pool).every(value => value === undefined)) return 'connectionPool is empty, which Istio rejects; state a limit, or leave it out';
  if (pool.h2UpgradePolicy === H2UpgradePolicy.UPGRADE && pool.useClientProtocol) {
    return 'connectionPool.useClientProtocol is true beside h2UpgradePolicy UPGRADE, which Istio rejects; keep one of them';
  }
  if (pool.tcpKeepalive && Object.values(pool.tcpKeepalive).every(value => value === undefined)) {
    return 'connectionPool.tcpKeepalive is empty; state probes, time or interval';
  }
  return statedProblem('connectionPool', pool, LIMITED, (what, value, field) => limitProblem(what, value, LIMITS[field]))
    ?? (pool.tcpKeepalive && limitProblem('connectionPool.tcpKeepalive.probes', pool.tcpKeepalive.probes, PROBES))
    ?? statedProblem('connectionPool', pool, ['connectTimeout', 'maxConnectionDuration'], (what, value) => durationProblem(what, value))
    ?? statedProblem('connectionPool', pool, ['tcpIdleTimeout', 'idleTimeout'], (what, value) => durationProblem(what, value, { zero: true }))
    ?? (pool.tcpKeepalive && statedProblem('connectionPool.tcpKeepalive', pool.tcpKeepalive, ['time', 'interval'], (what, value) => durationProblem(what, value)))
    ?? (pool.http2KeepAlive ? keepAliveProblem(pool.http2KeepAlive) : undefined);
}

function keepAliveProblem({ interval, timeout }: Http2Keepalive): Problem {
  return durationProblem('connectionPool.http2KeepAlive.interval', interval) ?? durationProblem('connectionPool.http2KeepAlive.timeout', timeout);
}

/** The stated fields by their place in a DestinationRule's `trafficPolicy`. */
export function connectionPoolFields(pool: ConnectionPool): { readonly [path: string]: unknown } {
  const fields: { [path: string]: unknown } = {};
  for (const field of Object.keys(pool) as (keyof ConnectionPool)[]) {
    const value = pool[field];
    if (value !== undefined) fields[PLACES[field]] = istioValue(value);
  }
  return fields;
}

/** Durations as Istio writes them, also inside of keep-alive settings. */
function istioValue(value: unknown): unknown {
  if (value instanceof Duration) return istioDuration(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([key, v]) => [key, istioValue(v)]));
}
