import type { HttpVersion, Request } from './request';
import type { FilterChain } from '../envoy/xds/listener';

/** The ALPN names per HTTP version. */
const ALPN: { readonly [V in HttpVersion]: string } = { 'HTTP/1.0': 'http/1.0', 'HTTP/1.1': 'http/1.1', 'HTTP/2': 'h2' };

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * The protocols that a handshake offers, or that Envoy's HTTP inspector detects in the first line of a plaintext connection. A line is HTTP
 * if its method is a token and its path is printable ASCII without a space. A space at the end of the path is allowed.
 */
export function protocolsOf({ method, path, version }: Request, tls: boolean): readonly string[] {
  if (tls) return version === undefined ? ['h2', 'http/1.1'] : [ALPN[version]];
  // eslint-disable-next-line no-control-regex
  if (version !== 'HTTP/2' && (!TOKEN.test(method) || /[\0-\x20][^\0-\x20]|[^\0-\x7e]/.test(path))) return [];
  return [version === 'HTTP/2' ? 'h2c' : ALPN[version ?? 'HTTP/1.1']];
}

/** The HTTP version of a request in a filter chain: the caller's, else the one that the handshake negotiates. */
export function versionOf({ scheme, version }: Request, chain: FilterChain | undefined): HttpVersion {
  if (version !== undefined) return version;
  const negotiated: readonly string[] = chain?.transportSocket?.typedConfig?.commonTlsContext?.alpnProtocols ?? [];
  return scheme === 'https' && negotiated.includes('h2') ? 'HTTP/2' : 'HTTP/1.1';
}
