/** The protocols of ports, as Istio names them. `Unsupported` is detected per connection. */
export type Protocol =
  'TCP' | 'UDP' | 'HTTP' | 'HTTP_PROXY' | 'HTTP2' | 'HTTPS' | 'TLS' | 'GRPC' | 'GRPC-Web' | 'Mongo' | 'Redis' | 'MySQL' | 'Unsupported';

const NAMES: { readonly [name: string]: Protocol } = {
  'tcp': 'TCP',
  'udp': 'UDP',
  'grpc': 'GRPC',
  'grpc-web': 'GRPC-Web',
  'http': 'HTTP',
  'http_proxy': 'HTTP_PROXY',
  'http2': 'HTTP2',
  'https': 'HTTPS',
  'tls': 'TLS',
  'mongo': 'Mongo',
  'redis': 'Redis',
  'mysql': 'MySQL',
};

/** Parses the protocol of an Istio object; case is ignored. */
export function parseProtocol(name: string): Protocol {
  const known = name.toLowerCase();
  return Object.hasOwn(NAMES, known) ? NAMES[known] : 'Unsupported';
}

const HTTP: ReadonlySet<Protocol> = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web']);

export function isHttp(protocol: Protocol): boolean {
  return HTTP.has(protocol);
}

export function isHttpOrGuessed(protocol: Protocol): boolean {
  return HTTP.has(protocol) || protocol === 'Unsupported';
}

export function isHttp2(protocol: Protocol): boolean {
  return protocol === 'HTTP2' || protocol === 'GRPC' || protocol === 'GRPC-Web';
}

/** Whether connections are matched by SNI. */
export function isTls(protocol: Protocol): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

const TCP: ReadonlySet<Protocol> = new Set(['TCP', 'HTTPS', 'TLS', 'Mongo', 'Redis', 'MySQL']);

/** Whether a protocol is certainly not HTTP. */
export function isTcp(protocol: Protocol): boolean {
  return TCP.has(protocol);
}
