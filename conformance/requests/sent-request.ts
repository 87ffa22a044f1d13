/** A request for both the real Envoy and the simulator. */
export interface SentRequest {
  readonly method: string;
  /** The listener that receives it. */
  readonly listener: string;
  readonly port: number;
  readonly authority: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
}

export function describeRequest({ method, authority, path, port, headers }: SentRequest): string {
  return `${method} ${authority}${path} on port ${port}${Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`).join('')}`;
}
