import type { Json } from './proxy-config';

/** The `trafficPolicy` of a DestinationRule or a subset; what its objects hold is read where they are translated. */
export interface TrafficPolicy {
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly loadBalancer?: LoadBalancer;
  readonly tls?: ClientTls;
  readonly tunnel?: Json;
  readonly proxyProtocol?: { readonly version?: 'V1' | 'V2' };
  readonly retryBudget?: { readonly percent?: number; readonly minRetryConcurrency?: number; readonly budgetInterval?: string };
  readonly portLevelSettings?: readonly PortPolicy[];
}

export interface PortPolicy extends Pick<TrafficPolicy, 'connectionPool' | 'outlierDetection' | 'loadBalancer' | 'tls'> {
  readonly port?: { readonly number?: number };
}

export interface Subset {
  readonly name: string;
  readonly labels?: { readonly [key: string]: string };
  readonly trafficPolicy?: TrafficPolicy;
}

export interface DestinationRuleSpec {
  readonly host: string;
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly Subset[];
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: { readonly matchLabels?: { readonly [key: string]: string } };
}

export interface ConnectionPool {
  readonly tcp?: {
    readonly maxConnections?: number;
    readonly connectTimeout?: string;
    readonly tcpKeepalive?: TcpKeepalive;
    readonly maxConnectionDuration?: string;
    readonly idleTimeout?: string;
  };
  readonly http?: {
    readonly http1MaxPendingRequests?: number;
    readonly http2MaxRequests?: number;
    readonly maxRequestsPerConnection?: number;
    readonly maxRetries?: number;
    readonly idleTimeout?: string;
    readonly h2UpgradePolicy?: 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';
    readonly useClientProtocol?: boolean;
    readonly maxConcurrentStreams?: number;
    readonly http2KeepAlive?: { readonly interval?: string; readonly timeout?: string };
  };
}

export interface TcpKeepalive { readonly probes?: number; readonly time?: string; readonly interval?: string }

export interface OutlierDetection {
  readonly splitExternalLocalOriginErrors?: boolean;
  readonly consecutiveLocalOriginFailures?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly consecutive5xxErrors?: number;
  readonly interval?: string;
  readonly baseEjectionTime?: string;
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
}

export interface LoadBalancer {
  readonly simple?: 'UNSPECIFIED' | 'LEAST_CONN' | 'RANDOM' | 'PASSTHROUGH' | 'ROUND_ROBIN' | 'LEAST_REQUEST';
  readonly consistentHash?: {
    readonly ringHash?: { readonly minimumRingSize?: number | string };
    readonly maglev?: { readonly tableSize?: number | string };
    readonly minimumRingSize?: number | string;
    readonly [key: string]: Json;
  };
  readonly localityLbSetting?: LocalitySetting;
  readonly zoneAwareLbSetting?: ZoneAwareSetting;
  readonly warmup?: { readonly duration?: string; readonly minimumPercent?: number; readonly aggression?: number };
  readonly warmupDurationSecs?: string;
}

export interface LocalitySetting {
  readonly enabled?: boolean;
  readonly distribute?: readonly { readonly from?: string; readonly to?: { readonly [locality: string]: number } }[];
  readonly failover?: readonly { readonly from?: string; readonly to?: string }[];
  readonly failoverPriority?: readonly string[];
}

export interface ZoneAwareSetting extends Omit<LocalitySetting, 'distribute'> { readonly minClusterSize?: number }

export interface ClientTls {
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly credentialName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly sni?: string;
  readonly insecureSkipVerify?: boolean;
}

/** The policy of a port: an entry of its own replaces everything that is stated for all ports. */
export function policyOfPort(policy: TrafficPolicy | undefined, port: number): TrafficPolicy | undefined {
  return portEntry(policy, port) ?? policy;
}

/** What a subset makes of the policy of its port: each object that it states replaces a whole one; its own entry of the port all four of an entry. */
export function policyOfSubset(ofPort: TrafficPolicy | undefined, subset: TrafficPolicy | undefined, port: number): TrafficPolicy | undefined {
  if (subset === undefined) return ofPort;
  const entry = portEntry(subset, port);
  if (ofPort === undefined) return entry ?? subset;
  const { connectionPool, outlierDetection, loadBalancer, tls } = entry ?? subset;
  return {
    connectionPool: entry ? connectionPool : connectionPool ?? ofPort.connectionPool,
    outlierDetection: entry ? outlierDetection : outlierDetection ?? ofPort.outlierDetection,
    loadBalancer: entry ? loadBalancer : loadBalancer ?? ofPort.loadBalancer,
    tls: entry ? tls : tls ?? ofPort.tls,
    tunnel: entry ? ofPort.tunnel : subset.tunnel ?? ofPort.tunnel,
    proxyProtocol: entry ? ofPort.proxyProtocol : subset.proxyProtocol ?? ofPort.proxyProtocol,
    retryBudget: entry ? ofPort.retryBudget : subset.retryBudget ?? ofPort.retryBudget,
  };
}

function portEntry(policy: TrafficPolicy | undefined, port: number): TrafficPolicy | undefined {
  const found = policy?.portLevelSettings?.find(entry => entry.port?.number === port);
  if (!found) return undefined;
  const { connectionPool, outlierDetection, loadBalancer, tls } = found;
  return { connectionPool, outlierDetection, loadBalancer, tls };
}
