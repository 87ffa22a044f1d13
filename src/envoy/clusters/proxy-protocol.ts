import type { Tls } from './upstream-tls';
import type { Json } from '../proxy-config';
import type { TrafficPolicy } from '../traffic-policy';

const RAW_BUFFER = Object.freeze({
  name: 'raw_buffer', typedConfig: Object.freeze({ '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer' }),
});

/** Lets the PROXY protocol say who calls, before whatever is spoken otherwise. */
export function withProxyProtocol(tls: Tls, stated: NonNullable<TrafficPolicy['proxyProtocol']>): Tls {
  const config = stated.version === 'V2' ? { version: 'V2' } : {};
  const around = (transportSocket: Json) => ({
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    typedConfig: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport', config, transportSocket,
    },
  });
  const matches = tls.transportSocketMatches?.map((match: Json) => ({ ...match, transportSocket: around(match.transportSocket) }));
  if (matches) return { ...tls, transportSocketMatches: matches };
  return { ...tls, transportSocket: around(tls.transportSocket ?? RAW_BUFFER) };
}
