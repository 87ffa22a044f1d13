import type { Endpoint } from './endpoint';
import type { PoolSettings, Stream } from './host-pool';
import { HostPool, Usage } from './host-pool';
import { OutlierDetector } from './outlier-detector';
import { outlierSettingsOf } from './outlier-settings';
import type { Cluster } from '../../envoy/xds/cluster';

/** Envoy's default. Istio always sets it, usually to 0: no panic. */
const PANIC_PERCENT = 50;

/** One cluster of one proxy under load: which endpoint a request gets, and how that endpoint behaves. */
export class ClusterTraffic {
  public readonly usage = new Usage();
  public readonly detector?: OutlierDetector;
  private readonly pools: readonly HostPool[];
  private readonly panicPercent: number;
  private next = 0;

  constructor(
    private readonly cluster: Cluster, endpoints: readonly Endpoint[], public readonly settings: PoolSettings,
    private readonly random: () => number,
  ) {
    this.pools = endpoints.map(endpoint => new HostPool(endpoint, this.usage, settings));
    const outlier = outlierSettingsOf(cluster);
    if (outlier) this.detector = new OutlierDetector(outlier, endpoints.length, settings.clock);
    const { healthyPanicThreshold } = cluster.commonLbConfig ?? {};
    this.panicPercent = healthyPanicThreshold === undefined ? PANIC_PERCENT : healthyPanicThreshold.value ?? 0;
  }

  /** The index of the endpoint for a request. Undefined if no endpoint is healthy. Requests with the same hash get the same endpoint. */
  public choose(hash: number | undefined, tried: ReadonlySet<number>, attempts = 5): number | undefined {
    const hosts = this.eligible();
    if (hosts.length === 0) return undefined;
    let chosen = this.pick(hosts, hash);
    for (let left = attempts; left > 0 && tried.has(chosen); left--) chosen = this.pick(hosts, hash);
    return chosen;
  }

  public endpointOf(host: number): Endpoint {
    return this.pools[host].endpoint;
  }

  public send(host: number, stream: Stream): void {
    this.pools[host].send(stream);
  }

  public cancel(host: number, stream: Stream): void {
    this.pools[host].cancel(stream);
  }

  /** Reserves one of the concurrent retries. Returns false if the limit is reached. */
  public mayRetry(): boolean {
    const { usage, settings: { limits: { maxRetries, retryBudget } } } = this;
    const most = retryBudget ? Math.max(retryBudget.atLeast, (usage.active + usage.pending) * retryBudget.percent / 100) : maxRetries;
    if (usage.retries >= most) {
      usage.retryOverflow++;
      return false;
    }
    usage.retries++;
    return true;
  }

  private eligible(): readonly number[] {
    const all = this.pools.map((_, host) => host);
    const { detector } = this;
    if (!detector) return all;
    const healthy = all.filter(host => !detector.isEjected(host));
    return 100 * healthy.length / all.length < this.panicPercent ? all : healthy;
  }

  private pick(hosts: readonly number[], hash: number | undefined): number {
    switch (this.cluster.lbPolicy) {
      case 'LEAST_REQUEST': return this.leastLoaded(hosts);
      case 'RANDOM': return this.any(hosts);
      case 'RING_HASH':
      case 'MAGLEV': return hash === undefined ? this.any(hosts) : hosts[Math.floor(hash * hosts.length)];
      default: return hosts[this.next++ % hosts.length];
    }
  }

  /** Of two endpoints drawn at random, possibly the same, the one with fewer active requests. */
  private leastLoaded(hosts: readonly number[]): number {
    const [first, second] = [this.any(hosts), this.any(hosts)];
    return this.pools[second].activeRequests < this.pools[first].activeRequests ? second : first;
  }

  private any(hosts: readonly number[]): number {
    return hosts[Math.floor(this.random() * hosts.length)];
  }
}
