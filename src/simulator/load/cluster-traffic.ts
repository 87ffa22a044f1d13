import type { Endpoint } from './endpoint';
import type { PoolSettings, Stream } from './host-pool';
import { HostPool, Usage } from './host-pool';
import { OutlierDetector } from './outlier-detector';
import { outlierSettingsOf } from './outlier-settings';
import type { Cluster } from '../../envoy/xds/cluster';

/** Envoy's own, where a cluster does not say. Istio always says, mostly 0: no panic. */
const PANIC_PERCENT = 50;

/** One cluster of one proxy under load: which endpoint a request gets, and what it finds there. */
export class ClusterTraffic {
  public readonly usage = new Usage();
  public readonly detector?: OutlierDetector;
  private readonly pools: readonly HostPool[];
  private readonly panicPercent: number;
  private next = 0;

  constructor(
    private readonly cluster: Cluster, endpoints: readonly Endpoint[], public readonly settings: PoolSettings, private readonly random: () => number,
  ) {
    this.pools = endpoints.map(endpoint => new HostPool(endpoint, this.usage, settings));
    const outlier = outlierSettingsOf(cluster);
    if (outlier) this.detector = new OutlierDetector(outlier, endpoints.length, settings.clock);
    const { healthyPanicThreshold } = cluster.commonLbConfig ?? {};
    this.panicPercent = healthyPanicThreshold === undefined ? PANIC_PERCENT : healthyPanicThreshold.value ?? 0;
  }

  /** The place of an endpoint for a request; undefined where none is healthy. With a hash, requests of one hash get one endpoint. */
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

  /** Takes up one of the retries that may be under way; false where there are too many. */
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

  /** Of two drawn at random, which may be the same, the one with fewer requests under way. */
  private leastLoaded(hosts: readonly number[]): number {
    const [first, second] = [this.any(hosts), this.any(hosts)];
    return this.pools[second].activeRequests < this.pools[first].activeRequests ? second : first;
  }

  private any(hosts: readonly number[]): number {
    return hosts[Math.floor(this.random() * hosts.length)];
  }
}
