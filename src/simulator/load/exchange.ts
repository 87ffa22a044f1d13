import type { ClusterTraffic } from './cluster-traffic';
import type { Stream } from './host-pool';
import type { RetryPlan } from '../route-plan';

/** How a request ended for its caller. */
export interface Ending {
  readonly status: number;
  /** Envoy's response flag. Undefined if the endpoint answered. */
  readonly flag?: string;
  /** The endpoint of the last try. */
  readonly endpoint?: string;
  readonly retries: number;
}

export interface ExchangeOptions {
  readonly traffic: ClusterTraffic;
  readonly timeoutMs?: number;
  readonly retry?: RetryPlan;
  readonly hash?: number;
  readonly random: () => number;
  readonly done: (ending: Ending) => void;
}

/** The result of one try. */
interface Failure {
  readonly status: number;
  readonly flag?: string;
  readonly kind: 'answer' | 'overflow' | 'connect' | 'reset';
}

/** The maximum wait between two tries, in base intervals. */
const LONGEST_BACKOFF = 10;

/** One request to a cluster, with its timeout and its retries. */
export class Exchange {
  private readonly tried = new Set<number>();
  private retries = 0;
  private holdsRetry = false;
  private over = false;
  private endpoint?: string;
  /** Cancels the current try. */
  private abandon?: () => void;

  constructor(private readonly options: ExchangeOptions) {}

  public start(): void {
    const { timeoutMs, traffic } = this.options;
    if (timeoutMs !== undefined) {
      traffic.settings.clock.after(timeoutMs, () => {
        if (this.over) return;
        this.abandon?.();
        this.end({ status: 504, flag: 'UT' });
      });
    }
    this.try();
  }

  private try(): void {
    const { traffic, hash, retry } = this.options;
    const host = traffic.choose(hash, retry?.avoidsTried ? this.tried : new Set());
    if (host === undefined) {
      this.end({ status: 503, flag: 'UH' });
      return;
    }
    this.tried.add(host);
    this.endpoint = traffic.endpointOf(host).address;
    this.sendTo(host);
  }

  private sendTo(host: number): void {
    const { traffic, retry } = this.options;
    const { clock } = traffic.settings;
    let pending = true;
    let finish: ((keepsConnection: boolean) => void) | undefined;
    const settle = (failure: Failure) => {
      if (!pending) return;
      pending = false;
      this.failed(failure);
    };
    const stream: Stream = {
      onReady: end => {
        finish = end;
        traffic.detector?.connected(host);
        const { status, afterMs } = traffic.endpointOf(host).answer();
        clock.after(afterMs, () => {
          end(true);
          if (!pending) return;
          traffic.detector?.answered(host, status);
          settle({ status, kind: 'answer' });
        });
      },
      onOverflow: () => settle({ status: 503, flag: 'UO', kind: 'overflow' }),
      onConnectFailure: () => {
        traffic.detector?.failedToConnect(host);
        settle({ status: 503, flag: 'UF', kind: 'connect' });
      },
    };
    const giveUp = () => {
      if (!pending) return false;
      pending = false;
      traffic.cancel(host, stream);
      finish?.(false);
      traffic.detector?.answered(host, 504);
      return true;
    };
    this.abandon = giveUp;
    if (retry?.perTryTimeoutMs !== undefined) {
      clock.after(retry.perTryTimeoutMs, () => {
        if (giveUp()) this.failed({ status: 504, flag: 'UT', kind: 'reset' });
      });
    }
    traffic.send(host, stream);
  }

  private failed(failure: Failure): void {
    this.releaseRetry();
    const { retry, traffic, random } = this.options;
    if (this.over) return;
    if (!retry || this.retries >= retry.attempts || !isRetried(failure, retry)) {
      this.end(failure);
      return;
    }
    if (!traffic.mayRetry()) {
      this.end({ ...failure, flag: failure.flag ?? 'URX' });
      return;
    }
    this.holdsRetry = true;
    this.retries++;
    const longest = Math.min(retry.backOffMs * (2 ** this.retries - 1), LONGEST_BACKOFF * retry.backOffMs);
    traffic.settings.clock.after(random() * longest, () => {
      if (!this.over) this.try();
    });
  }

  private end({ status, flag }: Pick<Failure, 'status' | 'flag'>): void {
    if (this.over) return;
    this.over = true;
    this.releaseRetry();
    this.options.done({ status, ...(flag !== undefined && { flag }), endpoint: this.endpoint, retries: this.retries });
  }

  private releaseRetry(): void {
    if (this.holdsRetry) this.options.traffic.usage.retries--;
    this.holdsRetry = false;
  }
}

/** Whether Envoy retries. It never retries what a limit rejected. */
function isRetried({ status, kind }: Failure, { on, statusCodes }: RetryPlan): boolean {
  const has = (...conditions: string[]) => conditions.some(condition => on.includes(condition));
  switch (kind) {
    case 'overflow': return false;
    case 'connect': return has('5xx', 'gateway-error', 'connect-failure', 'reset');
    case 'reset': return has('5xx', 'gateway-error', 'reset');
    default: return (status >= 500 && has('5xx')) || (status >= 502 && status <= 504 && has('gateway-error')) || (status === 409 && has('retriable-4xx'))
      || (has('retriable-status-codes') && statusCodes.includes(status));
  }
}
