import { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';
import { statedProblem } from './problem';

/** Whether HTTP/1.1 connections to a service are upgraded to HTTP/2. */
export enum H2UpgradePolicy {
  /** As in MeshConfig. */
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
   * The number of unanswered probes after which the connection is closed.
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
  /** How long to wait for the response to a ping before the connection is closed. */
  readonly timeout: Duration;
}

/**
 * Limits on the connections and requests from one calling proxy to one cluster. Each port of a service is a cluster, and so is each of its
 * subsets. The limits apply per proxy and per cluster: ten callers with `maxConnections: 100` may open 1,000 connections.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export interface ConnectionPool {
  /**
   * The maximum number of connections. At the limit, requests wait for a connection, and Envoy counts `upstream_cx_overflow`. An endpoint
   * without a connection always gets its first one.
   * @default - 2^32-1
   */
  readonly maxConnections?: number;
  /**
   * The timeout for opening a TCP connection.
   * @default - 10 s
   */
  readonly connectTimeout?: Duration;
  /**
   * TCP keep-alive probes.
   * @default - none
   */
  readonly tcpKeepalive?: TcpKeepalive;
  /**
   * The maximum lifetime of a connection.
   * @default - no limit
   */
  readonly maxConnectionDuration?: Duration;
  /**
   * How long a TCP connection may be idle. Also applies to HTTP if `idleTimeout` is not set. Zero disables the timeout.
   * @default - 1 hour
   */
  readonly tcpIdleTimeout?: Duration;
  /**
   * The maximum number of requests that wait for a connection, for HTTP/1.1 and HTTP/2. Above the limit, Envoy responds with 503, the
   * response flag UO and `x-envoy-overloaded`, and counts `upstream_rq_pending_overflow`.
   * @default - 2^32-1
   */
  readonly http1MaxPendingRequests?: number;
  /**
   * The maximum number of active requests, for HTTP/1.1 and HTTP/2. Above the limit, Envoy responds with 503 and the response flag UO.
   * @default - 2^32-1
   */
  readonly http2MaxRequests?: number;
  /**
   * The maximum number of requests per connection; 1 disables keep-alive.
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;
  /**
   * The maximum number of active retries.
   * @default - 2^32-1
   */
  readonly maxRetries?: number;
  /**
   * How long an HTTP connection may have no active request. Zero disables the timeout.
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;
  /**
   * Whether HTTP/1.1 connections are upgraded to HTTP/2.
   * @default H2UpgradePolicy.DEFAULT
   */
  readonly h2UpgradePolicy?: H2UpgradePolicy;
  /**
   * Use the protocol of the client for the connection to the service. Cannot be combined with `h2UpgradePolicy: UPGRADE`.
   * @default false
   */
  readonly useClientProtocol?: boolean;
  /**
   * The maximum number of concurrent streams per HTTP/2 connection. Has an effect only if callers use HTTP/2 to the endpoints.
   * @default - 2^31-1
   */
  readonly maxConcurrentStreams?: number;
  /**
   * HTTP/2 keep-alive pings. Have an effect only if callers use HTTP/2 to the endpoints.
   * @default - none
   */
  readonly http2KeepAlive?: Http2Keepalive;
}

/** The place of each field in the `trafficPolicy` of a DestinationRule. */
export const CONNECTION_POOL_PLACES: { readonly [field in keyof ConnectionPool]-?: string } = {
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

const unset = (limit: string) => ({ min: 1, zero: `Istio reads as unset (${limit}), not as "none"; use 1, or omit it` });

/** The limits, and how Istio reads 0. */
const LIMITS = {
  maxConnections: unset('2^32-1'),
  http1MaxPendingRequests: unset('2^32-1'),
  http2MaxRequests: unset('2^32-1'),
  maxRequestsPerConnection: unset('no limit'),
  maxRetries: unset('2^32-1'),
  maxConcurrentStreams: unset('2^31-1'),
};
const LIMITED = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
const PROBES = unset('the operating system\'s');

/** The problem of a connection pool. */
export function connectionPoolProblem(pool: ConnectionPool): Problem {
  if (Object.values(pool).every(value => value === undefined)) {
    return 'connectionPool is empty, which Istio rejects; set a limit, or omit it';
  }
  if (pool.h2UpgradePolicy === H2UpgradePolicy.UPGRADE && pool.useClientProtocol) {
    return 'connectionPool.useClientProtocol is true together with h2UpgradePolicy UPGRADE, which Istio rejects; keep one of them';
  }
  if (pool.tcpKeepalive && Object.values(pool.tcpKeepalive).every(value => value === undefined)) {
    return 'connectionPool.tcpKeepalive is empty; set probes, time or interval';
  }
  return statedProblem('connectionPool', pool, LIMITED, (what, value, field) => limitProblem(what, value, LIMITS[field]))
    ?? (pool.tcpKeepalive && limitProblem('connectionPool.tcpKeepalive.probes', pool.tcpKeepalive.probes, PROBES))
    ?? statedProblem('connectionPool', pool, ['connectTimeout', 'maxConnectionDuration'], (what, value) => durationProblem(what, value))
    ?? statedProblem(
      'connectionPool',
      pool,
      ['tcpIdleTimeout', 'idleTimeout'],
      (what, value) => durationProblem(what, value, { zero: true }),
    )
    ?? (pool.tcpKeepalive && statedProblem(
      'connectionPool.tcpKeepalive',
      pool.tcpKeepalive,
      ['time', 'interval'],
      (what, value) => durationProblem(what, value),
    ))
    ?? (pool.http2KeepAlive ? keepAliveProblem(pool.http2KeepAlive) : undefined);
}

function keepAliveProblem({ interval, timeout }: Http2Keepalive): Problem {
  return (
    durationProblem('connectionPool.http2KeepAlive.interval', interval) ?? durationProblem('connectionPool.http2KeepAlive.timeout', timeout)
  );
}

/** The fields that are set, by their place in the `trafficPolicy` of a DestinationRule. */
export function connectionPoolFields(pool: ConnectionPool): { readonly [path: string]: unknown } {
  const fields: { [path: string]: unknown } = {};
  for (const field of Object.keys(pool) as (keyof ConnectionPool)[]) {
    const value = pool[field];
    if (value !== undefined) fields[CONNECTION_POOL_PLACES[field]] = istioValue(value);
  }
  return fields;
}

/** A value with its durations in Istio's form, also within keep-alive settings. */
function istioValue(value: unknown): unknown {
  if (value instanceof Duration) return istioDuration(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([key, v]) => [key, istioValue(v)]));
}
