import type { Tls } from './upstream-tls';
import { CLEAR_TEXT } from './upstream-tls';
import type { ClientTLSSettings } from '../../manifest/istio-specs.generated';
import { typed } from '../message';
import type { InternalUpstreamTransport, TransportSocketMatch, UpstreamTransportSocket } from '../xds/transport-sockets';

/** The metadata that a tunnel needs of an endpoint and of its cluster. */
const METADATA: InternalUpstreamTransport['passthroughMetadata'] = Object.freeze([
  { kind: { host: {} }, name: 'envoy.filters.listener.original_dst' },
  { kind: { cluster: {} }, name: 'istio' },
  { kind: { host: {} }, name: 'istio' },
]);

/** The transport of a client that opens tunnels to the endpoints that take them. */
export function orTunnel(tls: Tls, stated: ClientTLSSettings | undefined, isOriginal: boolean): Tls {
  const { transportSocket: socket, transportSocketMatches: matches = [], ...others } = tls;
  const isPlain = socket === undefined && matches.length === 0;
  const plain = tunnel(CLEAR_TEXT.transportSocket);
  if (isPlain && (stated === undefined || !isOriginal)) return { ...others, transportSocketMatches: [plain, CLEAR_TEXT] };
  if (isOriginal) return tls;
  if (socket === undefined) return { ...others, transportSocketMatches: [plain, ...matches] };
  const isOfMesh = stated?.mode === 'ISTIO_MUTUAL';
  const own: TransportSocketMatch = { name: isOfMesh ? 'tlsMode-istio' : 'user', match: {}, transportSocket: socket };
  return { ...others, transportSocketMatches: [isOfMesh ? plain : tunnel(socket), own] };
}

/** The transport to endpoints that take tunnels, which has mutual TLS by itself. */
function tunnel(within: UpstreamTransportSocket): TransportSocketMatch {
  return {
    name: 'hbone',
    match: { tunnel: 'http' },
    transportSocket: {
      name: 'envoy.transport_sockets.internal_upstream',
      typedConfig: typed<InternalUpstreamTransport>('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
        passthroughMetadata: METADATA, transportSocket: within,
      }),
    },
  };
}
