/** One request of a load, as its caller saw it. */
export interface LoadSample {
  /** Which of the calling proxies, from 0. */
  readonly proxy: number;
  /** Which of that proxy's callers, from 0. */
  readonly caller: number;
  /** Milliseconds since the start. */
  readonly at: number;
  /** Milliseconds until the answer was there. */
  readonly took: number;
  /** The status that the caller got. */
  readonly status: number;
  /** Envoy's flags, such as UO; undefined for an answer that Envoy only handed on. */
  readonly flag?: string;
  /** The address of the endpoint that was tried last; undefined where none was. */
  readonly endpoint?: string;
  /** How often it was tried again. */
  readonly retries: number;
}

/** How often limits refused something, and endpoints were ejected, at all calling proxies together. */
export interface LoadCounts {
  /** How often a connection was over the limit; an endpoint without any gets one all the same. */
  readonly connectionOverflow: number;
  /** Requests refused since too many waited for a connection. */
  readonly pendingOverflow: number;
  /** Requests refused since too many were active. */
  readonly activeOverflow: number;
  /** Retries that were not made since too many were under way. */
  readonly retryOverflow: number;
  /** Ejections of endpoints. */
  readonly ejections: number;
}

/** What an endpoint got. */
export interface EndpointCounts {
  /** All requests, retries and copies among them. */
  readonly requests: number;
  /** Those of them that it failed. */
  readonly failures: number;
}

/** What became of a load. */
export class LoadResult {
  constructor(
    /** Every request, as its caller saw it. */
    public readonly samples: readonly LoadSample[],
    /** What limits and ejections came to. */
    public readonly counts: LoadCounts,
    /** By address; copies are counted too. */
    public readonly endpoints: ReadonlyMap<string, EndpointCounts>,
    /** The decision path that all of these requests took. */
    private readonly path: string,
  ) {}

  /** How many requests got each status. */
  public get statuses(): { readonly [status: number]: number } {
    const counts: { [status: number]: number } = {};
    for (const { status } of this.samples) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  /** Answers that are no success. */
  public get failures(): readonly LoadSample[] {
    return this.samples.filter(({ status }) => status >= 400);
  }

  /** Answers that are no success, in percent of all. */
  public get failedPercent(): number {
    return this.percent(this.failures.length);
  }

  /** Requests that a limit of the proxy refused, in percent. */
  public get overflowPercent(): number {
    return this.percent(this.samples.filter(({ flag }) => flag === 'UO').length);
  }

  /** The time within which so many percent of the requests were answered, in milliseconds. */
  public percentile(percent: number): number {
    const times = this.samples.map(({ took }) => took).sort((a, b) => a - b);
    return times[Math.max(0, Math.ceil(times.length * percent / 100) - 1)] ?? 0;
  }

  /** The figures in words, a line each, and the way that the requests took. */
  public explain(): string {
    const { connectionOverflow, pendingOverflow, activeOverflow, retryOverflow, ejections } = this.counts;
    const flags = new Map<string, number>();
    for (const { flag } of this.samples) if (flag !== undefined) flags.set(flag, (flags.get(flag) ?? 0) + 1);
    return [
      `${this.samples.length} requests, ${this.failures.length} failed (${this.failedPercent.toFixed(1)} %): ${Object.entries(this.statuses).map(([status, n]) => `${n} of ${status}`).join(', ')}`,
      `flags: ${[...flags].map(([flag, n]) => `${n} ${flag}`).join(', ') || 'none'}`,
      `refused for waiting requests ${pendingOverflow}, for active requests ${activeOverflow}, for retries ${retryOverflow}; over the limit of connections ${connectionOverflow}`,
      `ejections: ${ejections}`,
      ...[...this.endpoints].map(([address, { requests, failures }]) => `endpoint ${address}: ${requests} requests, of which ${failures} failed`),
      '',
      this.path,
    ].join('\n');
  }

  private percent(part: number): number {
    return this.samples.length === 0 ? 0 : 100 * part / this.samples.length;
  }
}
