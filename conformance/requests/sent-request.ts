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
  readonly version?: 'HTTP/1.0';
  readonly headers: { readonly [name: string]: string | readonly string[] };
}

export function describeRequest({ method, authority, path, port, version, headers }: SentRequest): string {
  const text = `${method} ${JSON.stringify(`${String(authority)}${path}`)} on port ${port}${version ? ` in ${version}` : ''}`;
  return `${text}${linesOf(headers).map(([name, value]) => ` ${name}: ${value.slice(0, 100)}`).slice(0, 10).join('')}`;
}

/** The header lines. */
export function linesOf(headers: SentRequest['headers']): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]));
}
