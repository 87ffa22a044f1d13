import type { ApplicationPort } from './application-port';
import type { ConnectionPoolSettings } from '../../manifest/istio-specs.generated';
import { circuitBreakers, connectionFields } from '../clusters/connection-pool';
import { passthroughCluster } from '../clusters/fixed-clusters';
import { httpOptions, passthroughHttpOptions, typedHttpOptions } from '../clusters/http-options';
import type { ClusterContext } from '../clusters/target';
import { message } from '../message';
import type { BindConfig, Cluster } from '../xds/cluster';
import type { Address } from '../xds/core';

/** The cluster of the ports that no service has. */
export const INBOUND_PASSTHROUGH = 'InboundPassthroughCluster';

/** The source address of connections to the application, which the redirection of the pod leaves alone. */
const BYPASSING: BindConfig = Object.freeze({ sourceAddress: Object.freeze({ address: '127.0.0.6', portValue: 0 }) });
const LOCALHOST = '127.0.0.1';
/** The longest duration of protobuf: Envoy never drops the endpoint. */
const NEVER = '9223372035s';
const UNIX = 'unix://';

/** What the inbound clusters of a sidecar are made of. */
export interface InboundClusterSettings extends Pick<ClusterContext, 'meshConfig' | 'proxyConfig' | 'proxy'> {
  readonly ports: readonly ApplicationPort[];
  /** The address of the pod, which a port of a Sidecar may name. @default - as a Sidecar writes it, 0.0.0.0 */
  readonly podAddress?: string;
}

/** The clusters of a sidecar for the ports of its pod: one for each port that it knows, and one for all others. */
export function inboundClusters(settings: InboundClusterSettings): Cluster[] {
  const { ports, proxyConfig } = settings;
  const { filters: _, ...passing } = passthroughCluster(settings);
  // Of the connection pool of the mesh, it takes the limits alone.
  const protocols = typedHttpOptions(passthroughHttpOptions(proxyConfig));
  return [
    ...ports.flatMap(port => portCluster(port, settings) ?? []),
    { ...passing, ...protocols, name: INBOUND_PASSTHROUGH, upstreamBindConfig: BYPASSING },
  ];
}

/** The name of the cluster of a port of the pod. */
export function inboundClusterName(target: number): string {
  return `inbound|${target}||`;
}

function portCluster(port: ApplicationPort, settings: InboundClusterSettings): Cluster | undefined {
  const address = endpointOf(port, settings);
  if (address === 'none') return undefined;
  const { meshConfig } = settings;
  const { h2UpgradePolicy: _, ...withoutPolicy } = meshConfig;
  const name = inboundClusterName(port.target);
  const { pool, retryBudget, upstreamPortOverride } = port;
  const overridden = upstreamPortOverride === undefined ? {} : { originalDstLbConfig: { upstreamPortOverride } };
  const isLocal = address?.socketAddress?.address === LOCALHOST;
  return message<Cluster>({
    name,
    ...(address
      ? { type: 'STATIC', loadAssignment: { clusterName: name, endpoints: [{ lbEndpoints: [{ endpoint: { address } }] }] } }
      : { type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED', cleanupInterval: NEVER, ...overridden }),
    commonLbConfig: {},
    ...connectionFields(pool, meshConfig),
    circuitBreakers: circuitBreakers(pool, retryBudget),
    upstreamBindConfig: isLocal ? undefined : BYPASSING,
    ...typedHttpOptions(httpOptions(port.protocol, withoutUpgrade(pool), { ...settings, meshConfig: withoutPolicy })),
  });
}

/** Applications are called by the protocol of their port: DestinationRules and MeshConfig upgrade the calls of clients alone. */
function withoutUpgrade(pool: ConnectionPoolSettings | undefined): ConnectionPoolSettings | undefined {
  if (pool?.http?.h2UpgradePolicy === undefined) return pool;
  const { h2UpgradePolicy: _, ...http } = pool.http;
  return { ...pool, http };
}

/** Where the connections to a port go; undefined for where the caller connected to, `none` if istiod makes no cluster. */
function endpointOf(
  { target, isIngress, endpoint }: ApplicationPort, { meshConfig, podAddress = '0.0.0.0' }: InboundClusterSettings,
): Address | 'none' | undefined {
  if (!isIngress) return meshConfig.inboundTrafficPolicy?.mode === 'LOCALHOST' ? socket(LOCALHOST, target) : undefined;
  if (endpoint === undefined || endpoint === '') return undefined;
  if (endpoint.startsWith(UNIX)) return { pipe: { path: endpoint.slice(UNIX.length) } };
  const [, host, digits] = /^(.+):(\d+)$/.exec(endpoint) ?? [];
  if (host === undefined) return 'none';
  const own: { readonly [address: string]: string } = { '0.0.0.0': podAddress, '[::]': LOCALHOST, '127.0.0.1': LOCALHOST, '[::1]': LOCALHOST };
  return Object.hasOwn(own, host) ? socket(own[host], Number(digits)) : undefined;
}

function socket(address: string, portValue: number): Address {
  return { socketAddress: { address, portValue } };
}
