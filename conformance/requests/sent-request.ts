/** A request for both the real Envoy and the simulator. */
export interface SentRequest {
  readonly method: string;
  /** The listener that receives it. */
  readonly listener: string;
  readonly port: number;
  /** The values of the Host header. */
  readonly authority: string | readonly string[];
  readonly path: string;
  /** @default 'HTTP/1.1' */
  readonly version?: 'HTTP/1.0' | 'HTTP/2';
  /** The server name of a handshake. @default plaintext */
  readonly serverName?: string;
  /** Whether the request line has the whole URL. @default false */
  readonly isAbsolute?: boolean;
  readonly headers: { readonly [name: string]: string | readonly string[] };
}

export function describeRequest({ method, authority, path, port, version, serverName, headers }: SentRequest): string {
  const text = `${method} ${JSON.stringify(`${String(authority)}${path}`)} on port ${port}${version ? ` in ${version}` : ''}${serverName ? ` to ${serverName}` : ''}`;
  return `${text}${linesOf(headers).map(([name, value]) => ` ${name}: ${value.slice(0, 100)}`).slice(0, 10).join('')}`;
}

/** The header lines. */
export function linesOf(headers: SentRequest['headers']): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]));
}
