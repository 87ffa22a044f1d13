import type { Clock } from './clock';
import type { OutlierSettings } from './outlier-settings';

/** The state of an endpoint in one proxy. */
interface Monitor {
  ejected: boolean;
  ejectedAt: number;
  /** The multiplier of the base ejection time. It decreases by one after each interval without an ejection. */
  times: number;
  errors: number;
  gatewayErrors: number;
  localErrors: number;
}

/** Envoy's outlier detection for one cluster of one proxy. */
export class OutlierDetector {
  public ejections = 0;
  private readonly monitors: readonly Monitor[];
  /** The endpoints that the load balancer currently skips. */
  private known: ReadonlySet<Monitor> = new Set();
  private lastTold = -Infinity;
  private willTell = false;

  constructor(private readonly settings: OutlierSettings, hosts: number, private readonly clock: Clock) {
    const fresh = { ejected: false, ejectedAt: 0, times: 0, errors: 0, gatewayErrors: 0, localErrors: 0 };
    this.monitors = Array.from({ length: hosts }, () => ({ ...fresh }));
    this.planSweep();
  }

  /** Whether the load balancer skips an endpoint. */
  public isEjected(host: number): boolean {
    return this.known.has(this.monitors[host]);
  }

  /** Records a response of the endpoint, or a timeout, which counts as 504. */
  public answered(host: number, status: number): void {
    const monitor = this.monitors[host];
    if (status < 500) {
      monitor.errors = monitor.gatewayErrors = 0;
      return;
    }
    monitor.gatewayErrors = status >= 502 && status <= 504 ? monitor.gatewayErrors + 1 : 0;
    if (monitor.gatewayErrors === this.settings.consecutiveGatewayFailure) this.eject(monitor);
    monitor.errors++;
    if (monitor.errors === this.settings.consecutive5xx) this.eject(monitor);
  }

  public connected(host: number): void {
    this.monitors[host].localErrors = 0;
  }

  /** Records a failure to connect: an error of its own kind if these are counted separately, else like a 503. */
  public failedToConnect(host: number): void {
    if (!this.settings.splitsLocalOrigin) {
      this.answered(host, 503);
      return;
    }
    const monitor = this.monitors[host];
    monitor.localErrors++;
    if (monitor.localErrors === this.settings.consecutiveLocalOriginFailure) this.eject(monitor);
  }

  private eject(monitor: Monitor): void {
    monitor.errors = monitor.gatewayErrors = monitor.localErrors = 0;
    if (monitor.ejected) return;
    const ejected = this.monitors.filter(other => other.ejected).length;
    if (100 * (ejected + 1) / this.monitors.length > this.settings.maxEjectionPercent) return;
    monitor.ejected = true;
    monitor.ejectedAt = this.clock.now;
    monitor.times++;
    this.ejections++;
    this.announce();
  }

  /** Updates the load balancer: at once, or later if the last update was a short time ago. */
  private announce(): void {
    const { clock, settings: { mergeMs } } = this;
    if (clock.now - this.lastTold > mergeMs) {
      this.tell();
    } else if (!this.willTell) {
      this.willTell = true;
      clock.after(mergeMs, () => {
        if (this.willTell) this.tell();
      });
    }
  }

  private tell(): void {
    this.willTell = false;
    this.lastTold = this.clock.now;
    this.known = new Set(this.monitors.filter(({ ejected }) => ejected));
  }

  /** Endpoints return only at the end of an interval. */
  private planSweep(): void {
    this.clock.after(this.settings.intervalMs, () => {
      for (const monitor of this.monitors) {
        if (!monitor.ejected) {monitor.times = Math.max(0, monitor.times - 1);} else if (this.isOver(monitor)) {
          monitor.ejected = false;
          monitor.errors = monitor.gatewayErrors = monitor.localErrors = 0;
          this.announce();
        }
      }
      this.planSweep();
    });
  }

  private isOver({ times, ejectedAt }: Monitor): boolean {
    const { baseEjectionMs, maxEjectionMs } = this.settings;
    return Math.min(baseEjectionMs * times, maxEjectionMs) <= this.clock.now - ejectedAt;
  }
}
