import type { HttpVersion, Request } from './request';
import type { FilterChain } from '../envoy/xds/listener';

/** The names of ALPN for each version of HTTP. */
const ALPN: { readonly [V in HttpVersion]: string } = { 'HTTP/1.0': 'http/1.0', 'HTTP/1.1': 'http/1.1', 'HTTP/2': 'h2' };

/** The protocols that a handshake offers, or that Envoy detects in the first bytes of a plaintext connection. */
export function protocolsOf({ version }: Request, tls: boolean): readonly string[] {
  if (tls) return version === undefined ? ['h2', 'http/1.1'] : [ALPN[version]];
  return [version === 'HTTP/2' ? 'h2c' : ALPN[version ?? 'HTTP/1.1']];
}

/** The version of HTTP of a request that a filter chain takes: the caller's, else the one that the handshake negotiates. */
export function versionOf({ scheme, version }: Request, chain: FilterChain | undefined): HttpVersion {
  if (version !== undefined) return version;
  const negotiated: readonly string[] = chain?.transportSocket?.typedConfig?.commonTlsContext?.alpnProtocols ?? [];
  return scheme === 'https' && negotiated.includes('h2') ? 'HTTP/2' : 'HTTP/1.1';
}
