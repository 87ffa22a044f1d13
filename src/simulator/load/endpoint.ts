/** How the endpoints of a service behave. */
export interface EndpointBehaviour {
  /** How long an answer takes; of two numbers any time between, drawn for each. @default 5 */
  readonly latencyMs?: number | readonly [from: number, to: number];
  /** The share of requests that fail, from 0 to 1. @default 0 */
  readonly errorRate?: number;
  /** @default 503 */
  readonly errorStatus?: number;
  /** Whether connections to it are refused. */
  readonly refusesConnections?: boolean;
}

/** One endpoint, as all proxies that call it see it. */
export class Endpoint {
  public requests = 0;
  public failures = 0;

  constructor(public readonly address: string, private readonly behaviour: EndpointBehaviour, private readonly random: () => number) {}

  public get refusesConnections(): boolean {
    return this.behaviour.refusesConnections === true;
  }

  /** What a request gets, and after how many milliseconds. */
  public answer(): { readonly status: number; readonly afterMs: number } {
    const { latencyMs = 5, errorRate = 0, errorStatus = 503 } = this.behaviour;
    const fails = errorRate > 0 && this.random() < errorRate;
    const afterMs = typeof latencyMs === 'number' ? latencyMs : latencyMs[0] + this.random() * (latencyMs[1] - latencyMs[0]);
    this.requests++;
    if (fails) this.failures++;
    return { status: fails ? errorStatus : 200, afterMs };
  }
}

/** What is wrong with a behaviour; throws, naming whose it is. */
export function checkBehaviour(of: string, { latencyMs = 0, errorRate = 0, errorStatus = 503 }: EndpointBehaviour): void {
  const times = typeof latencyMs === 'number' ? [latencyMs] : latencyMs;
  if (times.some(time => !(time >= 0 && time < Infinity))) throw new Error(`endpoints '${of}': latencyMs is ${String(latencyMs)}; use milliseconds of 0 or more`);
  if (!(errorRate >= 0 && errorRate <= 1)) throw new Error(`endpoints '${of}': errorRate is ${errorRate}; use a share from 0 to 1`);
  if (!(errorStatus >= 100 && errorStatus <= 599)) throw new Error(`endpoints '${of}': errorStatus is ${errorStatus}; use a status of HTTP`);
}
