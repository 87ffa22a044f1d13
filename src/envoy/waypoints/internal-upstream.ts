import { typed } from '../message';
import type { InternalUpstreamTransport, MetadataValueSource, RawBuffer, UpstreamTransportSocket } from '../xds/transport-sockets';

const RAW_BUFFER: UpstreamTransportSocket = {
  name: 'raw_buffer', typedConfig: typed<RawBuffer>('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer', {}),
};

/** The transport to an internal listener of the proxy, which reads metadata of the endpoint. */
export function internalUpstream(within: UpstreamTransportSocket = RAW_BUFFER, metadata: readonly string[] = []): UpstreamTransportSocket {
  const passthroughMetadata = metadata.map((name): MetadataValueSource => ({ kind: { host: {} }, name }));
  return {
    name: 'internal_upstream',
    typedConfig: typed<InternalUpstreamTransport>('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
      passthroughMetadata, transportSocket: within,
    }),
  };
}
