import { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';
import { fieldProblem } from './problem';

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

/** Where each field stands in Istio's `connectionPool`. */
const PATHS: { readonly [field in keyof ConnectionPool]-?: string } = {
  maxConnections: 'tcp.maxConnections',
  connectTimeout: 'tcp.connectTimeout',
  tcpKeepalive: 'tcp.tcpKeepalive',
  maxConnectionDuration: 'tcp.maxConnectionDuration',
  tcpIdleTimeout: 'tcp.idleTimeout',
  http1MaxPendingRequests: 'http.http1MaxPendingRequests',
  http2MaxRequests: 'http.http2MaxRequests',
  maxRequestsPerConnection: 'http.maxRequestsPerConnection',
  maxRetries: 'http.maxRetries',
  idleTimeout: 'http.idleTimeout',
  h2UpgradePolicy: 'http.h2UpgradePolicy',
  useClientProtocol: 'http.useClientProtocol',
  maxConcurrentStreams: 'http.maxConcurrentStreams',
  http2KeepAlive: 'http.http2KeepAlive',
};

const UNSET = (limit: string) => ({ min: 1, zero: `Istio reads as unset (${limit}), not as "none"; use 1, or leave it out` });

/** What is wrong with a connection pool, if anything. */
export function connectionPoolProblem(pool: ConnectionPool): Problem {
  const at = (field: keyof ConnectionPool) => `connectionPool.${field}`;
  const unknown = fieldProblem('connectionPool', pool, Object.keys(PATHS));
  if (unknown) return unknown;
  if (Object.values(pool).every(value => value === undefined)) return 'connectionPool is empty, which Istio rejects; state a limit, or leave it out';
  if (pool.h2UpgradePolicy === H2UpgradePolicy.UPGRADE && pool.useClientProtocol) {
    return 'connectionPool.useClientProtocol is true beside h2UpgradePolicy UPGRADE, which Istio rejects; keep one of them';
  }
  if (pool.tcpKeepalive && Object.values(pool.tcpKeepalive).every(value => value === undefined)) {
    return 'connectionPool.tcpKeepalive is empty; state probes, time or interval';
  }
  return limitProblem(at('maxConnections'), pool.maxConnections, UNSET('2^32-1'))
    ?? limitProblem(at('http1MaxPendingRequests'), pool.http1MaxPendingRequests, UNSET('2^32-1'))
    ?? limitProblem(at('http2MaxRequests'), pool.http2MaxRequests, UNSET('2^32-1'))
    ?? limitProblem(at('maxRequestsPerConnection'), pool.maxRequestsPerConnection, UNSET('without limit'))
    ?? limitProblem(at('maxRetries'), pool.maxRetries, UNSET('2^32-1'))
    ?? limitProblem(at('maxConcurrentStreams'), pool.maxConcurrentStreams, UNSET('2^31-1'))
    ?? limitProblem('connectionPool.tcpKeepalive.probes', pool.tcpKeepalive?.probes, UNSET('the operating system\'s'))
    ?? durationProblem(at('connectTimeout'), pool.connectTimeout)
    ?? durationProblem(at('maxConnectionDuration'), pool.maxConnectionDuration)
    ?? durationProblem(at('tcpIdleTimeout'), pool.tcpIdleTimeout, { zero: true })
    ?? durationProblem(at('idleTimeout'), pool.idleTimeout, { zero: true })
    ?? durationProblem('connectionPool.tcpKeepalive.time', pool.tcpKeepalive?.time)
    ?? durationProblem('connectionPool.tcpKeepalive.interval', pool.tcpKeepalive?.interval)
    ?? durationProblem('connectionPool.http2KeepAlive.interval', pool.http2KeepAlive?.interval)
    ?? durationProblem('connectionPool.http2KeepAlive.timeout', pool.http2KeepAlive?.timeout);
}

/** The stated fields by their place in a DestinationRule's `trafficPolicy`. */
export function connectionPoolFields(pool: ConnectionPool): { readonly [path: string]: unknown } {
  const fields: { [path: string]: unknown } = {};
  for (const [field, value] of Object.entries(pool)) {
    if (value !== undefined) fields[`connectionPool.${PATHS[field as keyof ConnectionPool]}`] = istioValue(value);
  }
  return fields;
}

/** Durations as Istio writes them, also inside of keep-alive settings. */
function istioValue(value: unknown): unknown {
  if (value instanceof Duration) return istioDuration(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([key, v]) => [key, istioValue(v)]));
}
