/** How an endpoint of a service behaves. */
export interface EndpointBehaviour {
  /** The time until the response, in milliseconds. With two numbers, it is drawn between them per request. @default 5 */
  readonly latencyMs?: number | readonly [from: number, to: number];
  /** The fraction of requests that fail, from 0 to 1. @default 0 */
  readonly errorRate?: number;
  /** The status of failed requests. @default 503 */
  readonly errorStatus?: number;
  /** Whether it refuses connections. @default false */
  readonly refusesConnections?: boolean;
}

/** One endpoint, shared by all proxies that call it. */
export class Endpoint {
  public requests = 0;
  public failures = 0;

  constructor(public readonly address: string, private readonly behaviour: EndpointBehaviour, private readonly random: () => number) {}

  public get refusesConnections(): boolean {
    return this.behaviour.refusesConnections === true;
  }

  /** The response to a request, and after how many milliseconds. */
  public answer(): { readonly status: number; readonly afterMs: number } {
    const { latencyMs = 5, errorRate = 0, errorStatus = 503 } = this.behaviour;
    const fails = errorRate > 0 && this.random() < errorRate;
    const afterMs = typeof latencyMs === 'number' ? latencyMs : latencyMs[0] + this.random() * (latencyMs[1] - latencyMs[0]);
    this.requests++;
    if (fails) this.failures++;
    return { status: fails ? errorStatus : 200, afterMs };
  }
}

/** Throws if a behavior is invalid, and names the endpoint. */
export function checkBehaviour(of: string, { latencyMs = 0, errorRate = 0, errorStatus = 503 }: EndpointBehaviour): void {
  const times = typeof latencyMs === 'number' ? [latencyMs] : latencyMs;
  if (times.some(time => !(time >= 0 && time < Infinity))) {
    throw new Error(`endpoints '${of}': latencyMs is ${String(latencyMs)}; use 0 or more milliseconds`);
  }
  if (!(errorRate >= 0 && errorRate <= 1)) throw new Error(`endpoints '${of}': errorRate is ${errorRate}; use a fraction from 0 to 1`);
  if (!(errorStatus >= 100 && errorStatus <= 599)) throw new Error(`endpoints '${of}': errorStatus is ${errorStatus}; use an HTTP status`);
}
