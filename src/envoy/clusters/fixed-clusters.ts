import { circuitBreakers, connectionFields } from './connection-pool';
import { httpOptions, passthroughHttpOptions, typedHttpOptions } from './http-options';
import { METADATA_EXCHANGE } from './metadata-exchange';
import type { ClusterContext } from './target';
import type { MeshConfig } from '../mesh-config';
import type { Cluster } from '../xds/cluster';
import { durationOf } from '../xds/proto-values';

/** The cluster that drops every connection. */
export function blackHoleCluster({ connectTimeout }: MeshConfig): Cluster {
  return { name: 'BlackHoleCluster', type: 'STATIC', connectTimeout: durationOf(connectTimeout) };
}

/** The cluster that passes connections to unknown hosts through to their original destination. */
export function passthroughCluster(context: Pick<ClusterContext, 'meshConfig' | 'proxyConfig' | 'proxy'>): Cluster {
  const { meshConfig, proxyConfig } = context;
  const pool = meshConfig.defaultTrafficPolicy?.connectionPool;
  const { commonHttpProtocolOptions } = httpOptions('TCP', pool, context);
  const options = passthroughHttpOptions(proxyConfig);
  return {
    name: 'PassthroughCluster',
    type: 'ORIGINAL_DST',
    lbPolicy: 'CLUSTER_PROVIDED',
    ...connectionFields(pool, meshConfig),
    circuitBreakers: circuitBreakers(pool),
    ...typedHttpOptions(commonHttpProtocolOptions ? { ...options, commonHttpProtocolOptions } : options),
    filters: METADATA_EXCHANGE,
  };
}
