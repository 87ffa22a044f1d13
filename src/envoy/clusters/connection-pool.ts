import type {
  ConnectionPoolSettings, RetryBudget as StatedRetryBudget, TcpKeepalive as StatedKeepalive,
} from '../../manifest/istio-specs.generated';
import type { MeshConfig } from '../mesh-config';
import type { CircuitBreakers, Cluster, RetryBudget } from '../xds/cluster';
import type { TcpKeepalive } from '../xds/core';
import { durationOf, wholeSecondsOf } from '../xds/proto-values';

/** Istio's default for each limit: unlimited. */
const UNLIMITED = 4294967295;

const UNLIMITED_BREAKERS: CircuitBreakers = Object.freeze({
  thresholds: Object.freeze([Object.freeze({
    maxConnections: UNLIMITED, maxPendingRequests: UNLIMITED, maxRequests: UNLIMITED, maxRetries: UNLIMITED,
  })]),
});

/** The circuit breakers of a connection pool. 0 means unlimited. */
export function circuitBreakers({ tcp, http }: ConnectionPoolSettings = {}, retryBudget?: StatedRetryBudget): CircuitBreakers {
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

function budgetOf({ percent = 20, minRetryConcurrency, budgetInterval }: StatedRetryBudget): RetryBudget {
  return {
    budgetPercent: percent === 0 ? {} : { value: percent },
    ...(budgetInterval === undefined ? {} : { budgetInterval: durationOf(budgetInterval) }),
    minRetryConcurrency: minRetryConcurrency || 3,
  };
}

/** The connect timeout of a cluster, and its TCP keepalive. */
export function connectionFields(
  { tcp }: ConnectionPoolSettings = {}, mesh: MeshConfig,
): Pick<Cluster, 'connectTimeout' | 'upstreamConnectionOptions'> {
  const connectTimeout = durationOf(tcp?.connectTimeout ?? mesh.connectTimeout);
  if (mesh.tcpKeepalive === undefined && tcp?.tcpKeepalive === undefined) return { connectTimeout };
  const tcpKeepalive = { ...keepalive(mesh.tcpKeepalive), ...keepalive(tcp?.tcpKeepalive) };
  return { connectTimeout, upstreamConnectionOptions: { tcpKeepalive } };
}

function keepalive({ probes, time, interval }: StatedKeepalive = {}): TcpKeepalive {
  return {
    ...(probes ? { keepaliveProbes: probes } : {}),
    ...(time === undefined ? {} : { keepaliveTime: wholeSecondsOf(time) }),
    ...(interval === undefined ? {} : { keepaliveInterval: wholeSecondsOf(interval) }),
  };
}
