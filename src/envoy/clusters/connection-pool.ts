import { asProtoDuration, parseDuration } from '../../manifest/duration';
import type { MeshConfig } from '../mesh-config';
import type { Json } from '../proxy-config';
import type { ConnectionPool, TcpKeepalive, TrafficPolicy } from '../traffic-policy';

/** Istio's limits where none are stated: none. */
const UNLIMITED = 4294967295;

const UNLIMITED_BREAKERS = Object.freeze({
  thresholds: Object.freeze([Object.freeze({
    maxConnections: UNLIMITED, maxPendingRequests: UNLIMITED, maxRequests: UNLIMITED, maxRetries: UNLIMITED,
  })]),
});

/** The circuit breakers of a connection pool. A limit of 0 counts as not stated. */
export function circuitBreakers({ tcp, http }: ConnectionPool = {}, retryBudget?: TrafficPolicy['retryBudget']): Json {
  if (tcp === undefined && http === undefined && retryBudget === undefined) return UNLIMITED_BREAKERS;
  return {
    thresholds: [{
      maxConnections: limit(tcp?.maxConnections),
      maxPendingRequests: limit(http?.http1MaxPendingRequests),
      maxRequests: limit(http?.http2MaxRequests),
      maxRetries: limit(http?.maxRetries),
      ...(retryBudget ? { retryBudget: budgetOf(retryBudget) } : {}),
    }],
  };
}

function limit(stated: number | undefined): number {
  return stated !== undefined && stated > 0 ? stated : UNLIMITED;
}

function budgetOf({ percent = 20, minRetryConcurrency, budgetInterval }: NonNullable<TrafficPolicy['retryBudget']>): Json {
  return {
    budgetPercent: percent === 0 ? {} : { value: percent },
    ...(budgetInterval === undefined ? {} : { budgetInterval: asProtoDuration(budgetInterval) }),
    minRetryConcurrency: minRetryConcurrency || 3,
  };
}

/** How long a connection may take, and how it is kept alive. */
export function connectionFields({ tcp }: ConnectionPool = {}, mesh: MeshConfig): { connectTimeout?: string; upstreamConnectionOptions?: Json } {
  const connectTimeout = asProtoDuration(tcp?.connectTimeout ?? mesh.connectTimeout);
  if (mesh.tcpKeepalive === undefined && tcp?.tcpKeepalive === undefined) return { connectTimeout };
  const tcpKeepalive = { ...keepalive(mesh.tcpKeepalive), ...keepalive(tcp?.tcpKeepalive) };
  return { connectTimeout, upstreamConnectionOptions: { tcpKeepalive } };
}

function keepalive({ probes, time, interval }: TcpKeepalive = {}): Json {
  return {
    ...(probes ? { keepaliveProbes: probes } : {}),
    ...(time === undefined ? {} : { keepaliveTime: seconds(time) }),
    ...(interval === undefined ? {} : { keepaliveInterval: seconds(interval) }),
  };
}

/** Whole seconds, as Envoy counts them here. */
function seconds(duration: string): number {
  return Math.trunc((parseDuration(duration) ?? 0) / 1e9);
}
