import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from './backend';
import type { Pace } from '../../src/simulator/load/pace';
import { isOver, waitBefore } from '../../src/simulator/load/pace';
import { seeded } from '../../src/simulator/load/random';

export interface Request {
  readonly to: Address;
  /** The Host header. */
  readonly host: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
}

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** fortio's -c, -qps, -t or -n, and -jitter. Without a rate, every caller sends its next request immediately after a response. */
export interface LoadOptions extends Request {
  readonly callers: number;
  /** Requests per second, of all callers together. */
  readonly rate?: number;
  /** The length in seconds; else `count` requests. */
  readonly seconds?: number;
  readonly count?: number;
  readonly jitter?: boolean;
  /** Sends one request from every caller at once before the run; not counted. */
  readonly warmUp?: boolean;
  readonly seed: number;
}

export interface Sample extends Response {
  readonly caller: number;
  /** Milliseconds since the start of the run. */
  readonly at: number;
  readonly took: number;
}

export class LoadResult {
  constructor(public readonly samples: readonly Sample[]) {}

  public get statuses(): { readonly [status: number]: number } {
    const counts: { [status: number]: number } = {};
    for (const { status } of this.samples) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  public get failures(): readonly Sample[] {
    return this.samples.filter(({ status }) => status !== 200);
  }

  public get failedPercent(): number {
    return 100 * this.failures.length / this.samples.length;
  }

  /** The number of responses from a circuit breaker. */
  public get overloaded(): number {
    return this.samples.filter(({ headers }) => headers['x-envoy-overloaded'] === 'true').length;
  }

  public answeredBy(name: string): number {
    return this.samples.filter(({ body }) => body === name).length;
  }
}

/** One request. A broken connection is an error. */
export async function send({ to, host, method = 'GET', path = '/', headers = {} }: Request, agent?: Agent): Promise<Response> {
  return new Promise<Response>((resolve, reject) => {
    const options = { host: to.host, port: to.port, method, path, headers: { Host: host, ...headers }, agent, timeout: 20_000 };
    const sent = httpRequest(options, response => {
      let body = '';
      response.setEncoding('utf8').on('data', text => body += text).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 20 s'))).on('error', reject).end();
  });
}

/** A caller as in fortio: one connection, reopened after every failure. */
class Caller {
  private agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly options: LoadOptions) {}

  public async call(): Promise<Response> {
    const response = await send(this.options, this.agent);
    if (response.status !== 200) this.close();
    return response;
  }

  public close(): void {
    this.agent.destroy();
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }
}

/**
 * A closed loop as in fortio: each caller has its share of the calls and of the rate. A caller that is ahead of its schedule sleeps until
 * the next call is due, with 10 % jitter if set. A caller that is behind continues immediately until it has caught up.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { callers: number, rate, seconds, count, seed } = options;
  if ((seconds === undefined) === (count === undefined)) throw new Error('a load has either seconds or count');
  if (seconds !== undefined && rate === undefined) throw new Error('a load with seconds requires a rate');
  const callers = Array.from({ length: number }, () => new Caller(options));
  try {
    if (options.warmUp) await Promise.all(callers.map(caller => caller.call()));
    const start = performance.now();
    const total = count ?? Math.floor(rate! * seconds!);
    const runs = callers.map((caller, index) => {
      const calls = Math.max(Math.floor(total / number), seconds === undefined ? 0 : 2) + (index === 0 ? total % number : 0);
      const random = options.jitter ? seeded(seed + index) : undefined;
      return runCaller(caller, { index, start, pace: { calls, rate: (rate ?? 0) / number, seconds }, random });
    });
    return new LoadResult((await Promise.all(runs)).flat());
  } finally {
    for (const caller of callers) caller.close();
  }
}

interface Plan {
  readonly index: number;
  readonly start: number;
  readonly pace: Pace;
  readonly random?: () => number;
}

async function runCaller(caller: Caller, { index, start, pace, random }: Plan): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!isOver(pace, samples.length, performance.now() - start)) {
    const began = performance.now();
    const response = await caller.call();
    samples.push({ ...response, caller: index, at: began - start, took: performance.now() - began });
    const wait = waitBefore(pace, samples.length, performance.now() - start, random);
    if (wait > 0) await sleep(wait);
  }
  return samples;
}
