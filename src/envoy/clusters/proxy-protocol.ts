import type { Tls } from './upstream-tls';
import type { ProxyProtocol } from '../../manifest/istio-specs.generated';
import { typed } from '../message';
import type { RawBuffer, UpstreamTransportSocket, ProxyProtocolUpstreamTransport } from '../xds/transport-sockets';

const TYPE = 'envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport';
const RAW_BUFFER: UpstreamTransportSocket = {
  name: 'raw_buffer', typedConfig: typed<RawBuffer>('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer', {}),
};

/** Wraps a transport in the PROXY protocol, which sends the caller's address first. */
export function withProxyProtocol(tls: Tls, stated: ProxyProtocol): Tls {
  const config = stated.version === 'V2' ? { version: stated.version } : {};
  const around = (transportSocket: UpstreamTransportSocket): UpstreamTransportSocket => ({
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    typedConfig: typed<ProxyProtocolUpstreamTransport>(TYPE, { config, transportSocket }),
  });
  const matches = tls.transportSocketMatches?.map(match => ({ ...match, transportSocket: around(match.transportSocket) }));
  if (matches) return { ...tls, transportSocketMatches: matches };
  return { ...tls, transportSocket: around(tls.transportSocket ?? RAW_BUFFER) };
}
