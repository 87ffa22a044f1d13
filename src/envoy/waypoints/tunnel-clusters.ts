import { CONNECT_ORIGINATE, ENCAP, MAIN_INTERNAL } from './internal-names';
import { internalUpstream } from './internal-upstream';
import { tunnelTls } from './tunnel-tls';
import { circuitBreakers } from '../clusters/connection-pool';
import { passthroughHttpOptions, typedHttpOptions } from '../clusters/http-options';
import type { MeshConfig } from '../mesh-config';
import { typed } from '../message';
import type { Proxy } from '../proxy';
import type { Cluster } from '../xds/cluster';
import { durationOf } from '../xds/proto-values';
import type { UpstreamTlsContext } from '../xds/transport-sockets';

/** The port on which ztunnels and waypoints take tunnels. */
export const TUNNEL_PORT = 15008;

/** The clusters by which a waypoint hands connections from one of its listeners to the next. */
export function internalClusters(): Cluster[] {
  return [internalCluster(MAIN_INTERNAL, MAIN_INTERNAL), internalCluster(ENCAP, CONNECT_ORIGINATE)];
}

function internalCluster(name: string, serverListenerName: string): Cluster {
  return {
    name,
    type: 'STATIC',
    circuitBreakers: circuitBreakers(),
    loadAssignment: {
      clusterName: name, endpoints: [{ lbEndpoints: [{ endpoint: { address: { envoyInternalAddress: { serverListenerName } } } }] }],
    },
    transportSocket: internalUpstream(),
    ...typedHttpOptions(passthroughHttpOptions({})),
  };
}

/** The cluster of the tunnels to the ztunnels of pods. */
export function connectOriginateCluster({ namespace }: Proxy, mesh: MeshConfig): Cluster {
  const own = { prefix: `spiffe://${mesh.trustDomain}/ns/${namespace}/sa/` };
  return {
    name: CONNECT_ORIGINATE,
    type: 'ORIGINAL_DST',
    lbPolicy: 'CLUSTER_PROVIDED',
    connectTimeout: durationOf(mesh.connectTimeout),
    cleanupInterval: '60s',
    circuitBreakers: circuitBreakers(),
    ...typedHttpOptions({
      commonHttpProtocolOptions: { idleTimeout: durationOf(mesh.hboneIdleTimeout) ?? '3600s' },
      explicitHttpConfig: { http2ProtocolOptions: { allowConnect: true } },
    }),
    originalDstLbConfig: {
      upstreamPortOverride: TUNNEL_PORT, metadataKey: { key: 'envoy.filters.listener.original_dst', path: [{ key: 'waypoint' }] },
    },
    transportSocket: {
      name: 'tls',
      typedConfig: typed<UpstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
        commonTlsContext: tunnelTls(mesh, [own]),
      }),
    },
  };
}
