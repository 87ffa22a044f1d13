import type { Cluster } from '../../envoy/xds/cluster';
import { milliseconds } from '../../envoy/xds/proto-values';

/** The limits of a cluster per proxy, with Envoy's defaults. */
export interface Limits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
  readonly maxRetries: number;
  readonly retryBudget?: { readonly percent: number; readonly atLeast: number };
  readonly http2: boolean;
  /** The maximum number of concurrent requests per connection. */
  readonly streams: number;
  /** The maximum number of requests per connection. */
  readonly requestsPerConnection: number;
  readonly connectTimeoutMs: number;
}

const PROTOCOL = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** Envoy's limit of streams per connection. */
const STREAMS = 1024;

export function limitsOf(cluster: Cluster): Limits {
  const thresholds = cluster.circuitBreakers?.thresholds ?? [];
  const {
    maxConnections = 1024,
    maxPendingRequests = 1024,
    maxRequests = 1024,
    maxRetries = 3,
    retryBudget,
  } = thresholds.find(({ priority }) => priority !== 'HIGH') ?? {};
  const options = cluster.typedExtensionProtocolOptions?.[PROTOCOL];
  const http2 = options?.explicitHttpConfig?.http2ProtocolOptions;
  return {
    maxConnections,
    maxPendingRequests,
    maxRequests,
    maxRetries,
    ...(retryBudget && { retryBudget: { percent: retryBudget.budgetPercent?.value ?? 20, atLeast: retryBudget.minRetryConcurrency ?? 3 } }),
    http2: http2 !== undefined,
    streams: http2 === undefined ? 1 : http2.maxConcurrentStreams ?? STREAMS,
    requestsPerConnection: options?.commonHttpProtocolOptions?.maxRequestsPerConnection || Infinity,
    connectTimeoutMs: cluster.connectTimeout === undefined ? 5000 : milliseconds(cluster.connectTimeout),
  };
}
