import { Clock } from './clock';
import { ClusterTraffic } from './cluster-traffic';
import type { EndpointBehaviours } from './endpoints';
import { Endpoints } from './endpoints';
import type { Ending } from './exchange';
import { Exchange } from './exchange';
import { limitsOf } from './limits';
import type { LoadSample } from './load-result';
import { LoadResult } from './load-result';
import type { Pace } from './pace';
import { isOver, waitBefore } from './pace';
import { seeded } from './random';
import type { Cluster } from '../../envoy/xds/cluster';
import { clusterNotFoundStatus } from '../../envoy/xds/cluster-not-found';
import type { Destination } from '../clusters';
import type { Decision } from '../decision';
import { REFUSED } from '../outcome';
import type { RequestOptions } from '../request';

/**
 * A load like fortio's (-c, -qps, -t or -n, -jitter): each caller sends its next request when the previous one is answered and the next one
 * is due.
 */
export interface LoadOptions extends RequestOptions {
  /** @default 'GET' */
  readonly method?: string;
  /** Callers per proxy. @default 1 */
  readonly callers?: number;
  /** Requests per second of all callers of a proxy together. @default - each caller sends as soon as it is answered */
  readonly rate?: number;
  /** The duration in seconds, which requires a rate. Set either this or `count`. */
  readonly seconds?: number;
  /** The number of requests per proxy. Set either this or `seconds`. */
  readonly count?: number;
  /** Whether waits vary by up to 10 %. @default false */
  readonly jitter?: boolean;
  /** Whether every caller sends one request, all at once, before the run. These are not counted. @default false */
  readonly warmUp?: boolean;
  /** The number of calling proxies. Limits and ejections are per proxy. @default 1 */
  readonly proxies?: number;
  /** How the endpoints behave. @default - each answers 200 after 5 ms */
  readonly endpoints?: EndpointBehaviours;
  /** The time to open a connection, in milliseconds. @default 0.3 */
  readonly connectMs?: number;
  /** The seed of all random choices. The same seed repeats the same run. @default 1 */
  readonly seed?: number;
}

/** As on one machine or between close ones. With this value, as many requests coincide with an opening connection as in a real Envoy. */
const CONNECT_MS = 0.3;

/** Runs a load on a virtual clock. */
export function runLoad(decision: Decision, clusterOf: (name: string) => Cluster | undefined, options: LoadOptions): LoadResult {
  const { outcome } = decision;
  if (outcome === 'not decided' || outcome === 'undecided') {
    throw new Error(`the outcome of the load is not decided\n\n${decision.explain()}`);
  }
  if (REFUSED.has(outcome)) throw new Error(`the load does not reach the service, as its requests are ${outcome}\n\n${decision.explain()}`);
  return new Load(decision, clusterOf, checked(options)).run();
}

function checked(options: LoadOptions): LoadOptions {
  const { seconds, count, rate } = options;
  if ((seconds === undefined) === (count === undefined)) throw new Error('a load has either seconds or count; set one of them');
  if (seconds !== undefined && rate === undefined) throw new Error('a load with seconds requires a rate; set rate, or use count');
  for (const field of ['seconds', 'count', 'rate', 'callers', 'proxies'] as const) {
    const value = options[field];
    const whole = field === 'count' || field === 'callers' || field === 'proxies';
    if (value !== undefined && !(value > 0 && value < 1e7 && (!whole || Number.isInteger(value)))) {
      throw new Error(`${field} is ${value}; use ${whole ? 'an integer' : 'a number'} above 0 and below 10,000,000`);
    }
  }
  return options;
}

class Load {
  private readonly clock = new Clock();
  private readonly random: () => number;
  private readonly endpoints: Endpoints;
  private readonly proxies: readonly ProxyTraffic[];
  private readonly samples: LoadSample[] = [];
  private readonly method: { readonly callers: number; readonly seed: number };
  private running = 0;

  constructor(
    private readonly decision: Decision, clusterOf: (name: string) => Cluster | undefined, private readonly options: LoadOptions,
  ) {
    const { callers = 1, seed = 1, proxies = 1, connectMs = CONNECT_MS } = options;
    this.method = { callers, seed };
    this.random = seeded(seed + 1_000_003);
    this.endpoints = new Endpoints(options.endpoints ?? {}, this.random);
    const make = (destination: Destination) => {
      const cluster = clusterOf(destination.cluster);
      if (!cluster) return undefined;
      return new ClusterTraffic(
        cluster,
        this.endpoints.of(destination),
        { limits: limitsOf(cluster), connectMs, clock: this.clock },
        this.random,
      );
    };
    this.proxies = Array.from({ length: proxies }, () => new ProxyTraffic(decision, make, this.random, this.clock));
  }

  public run(): LoadResult {
    if (this.options.warmUp) this.warmUp();
    const start = this.clock.now;
    const { rate = 0, seconds, count } = this.options;
    const { callers, seed } = this.method;
    const total = count ?? Math.floor(rate * seconds!);
    this.proxies.forEach((proxy, place) => {
      for (let caller = 0; caller < callers; caller++) {
        const calls = Math.max(Math.floor(total / callers), seconds === undefined ? 0 : 2) + (caller === 0 ? total % callers : 0);
        const random = this.options.jitter ? seeded(seed + place * callers + caller) : undefined;
        this.call({ proxy, place, caller, start, pace: { calls, rate: rate / callers, seconds }, random, made: 0 });
      }
    });
    this.clock.runWhile(() => this.running > 0);
    const sum = (field: 'connectionOverflow' | 'pendingOverflow' | 'activeOverflow' | 'retryOverflow') =>
      this.proxies.reduce((all, proxy) => all + proxy.traffics.reduce((total2, { usage }) => total2 + usage[field], 0), 0);
    const ejections = this.proxies.flatMap(({ traffics }) => traffics).reduce((all, { detector }) => all + (detector?.ejections ?? 0), 0);
    const counts = {
      connectionOverflow: sum('connectionOverflow'),
      pendingOverflow: sum('pendingOverflow'),
      activeOverflow: sum('activeOverflow'),
      retryOverflow: sum('retryOverflow'),
      ejections,
    };
    const endpoints = new Map([...this.endpoints.byAddress].map(([address, { requests, failures }]) => [address, { requests, failures }]));
    return new LoadResult(this.samples, counts, endpoints, this.decision.explain());
  }

  private warmUp(): void {
    for (const proxy of this.proxies) {
      for (let caller = 0; caller < this.method.callers; caller++) {
        this.running++;
        proxy.send(() => this.running--);
      }
    }
    this.clock.runWhile(() => this.running > 0);
  }

  private call(plan: CallerPlan): void {
    const { clock } = this;
    if (isOver(plan.pace, plan.made, clock.now - plan.start)) return;
    this.running++;
    const began = clock.now;
    plan.proxy.send(ending => {
      this.running--;
      plan.made++;
      this.samples.push({ proxy: plan.place, caller: plan.caller, at: began - plan.start, took: clock.now - began, ...ending });
      this.running++;
      clock.after(waitBefore(plan.pace, plan.made, clock.now - plan.start, plan.random), () => {
        this.running--;
        this.call(plan);
      });
    });
  }
}

interface CallerPlan {
  readonly proxy: ProxyTraffic;
  readonly place: number;
  readonly caller: number;
  readonly start: number;
  readonly pace: Pace;
  readonly random?: () => number;
  made: number;
}

/** One calling proxy: its clusters, and what it draws per request. */
class ProxyTraffic {
  private readonly byCluster = new Map<string, ClusterTraffic | undefined>();
  private readonly hash: number | undefined;

  constructor(
    private readonly decision: Decision, private readonly make: (destination: Destination) => ClusterTraffic | undefined,
    private readonly random: () => number, private readonly clock: Clock,
  ) {
    // All requests of a load are alike, so they have the same hash.
    this.hash = decision.hashedBy.length === 0 ? undefined : random();
  }

  public get traffics(): readonly ClusterTraffic[] {
    return [...this.byCluster.values()].filter(traffic => traffic !== undefined);
  }

  public send(done: (ending: Ending) => void): void {
    const { delay, abort } = this.decision.fault ?? {};
    const delayed = this.draws(delay?.percent);
    const aborted = this.draws(abort?.percent);
    const go = () => (aborted ? done({ status: abort!.status, flag: delayed ? 'DI,FI' : 'FI', retries: 0 }) : this.forward(delayed, done));
    if (delayed) this.clock.after(delay!.ms, go);
    else this.clock.after(0, go);
  }

  private forward(delayed: boolean, done: (ending: Ending) => void): void {
    const { decision } = this;
    const { status, flag, split, mirrors, timeoutMs, retry } = decision;
    const flags = (own: string | undefined) => [...(delayed ? ['DI'] : []), ...(own === undefined ? [] : [own])].join(',') || undefined;
    const end = (ending: Ending) => done({ ...ending, flag: flags(ending.flag) });
    const share = this.drawShare(split.map(({ percent }) => percent));
    if (share === undefined || status !== undefined) {
      end({ status: status ?? 0, flag, retries: 0 });
      return;
    }
    const chosen = split[share];
    const traffic = this.trafficOf(chosen);
    if (!traffic || chosen.reception === 'no healthy host') {
      end({ status: traffic ? 503 : clusterNotFoundStatus(decision.route?.route ?? {}), flag: traffic ? 'UH' : 'NC', retries: 0 });
      return;
    }
    for (const mirror of mirrors) {
      const copies = this.draws(mirror.percent) ? this.trafficOf(mirror) : undefined;
      if (copies) new Exchange({ traffic: copies, timeoutMs, random: this.random, done: () => undefined }).start();
    }
    new Exchange({ traffic, timeoutMs, retry, hash: this.hash, random: this.random, done: end }).start();
  }

  private draws(percent: number | undefined): boolean {
    return percent !== undefined && (percent >= 100 || this.random() * 100 < percent);
  }

  private drawShare(percents: readonly number[]): number | undefined {
    if (percents.length < 2) return percents.length === 0 ? undefined : 0;
    let left = this.random() * 100;
    const place = percents.findIndex(percent => (left -= percent) < 0);
    return place < 0 ? percents.length - 1 : place;
  }

  private trafficOf(destination: Destination): ClusterTraffic | undefined {
    if (!this.byCluster.has(destination.cluster)) this.byCluster.set(destination.cluster, this.make(destination));
    return this.byCluster.get(destination.cluster);
  }
}
