/** One request of a load, from the caller's view. */
export interface LoadSample {
  /** The index of the calling proxy, from 0. */
  readonly proxy: number;
  /** The index of the caller behind that proxy, from 0. */
  readonly caller: number;
  /** When it was sent, in milliseconds since the start. */
  readonly at: number;
  /** The time until the response, in milliseconds. */
  readonly took: number;
  /** The status that the caller got. */
  readonly status: number;
  /** Envoy's response flags, such as UO. Undefined if the endpoint answered. */
  readonly flag?: string;
  /** The address of the endpoint of the last try. Undefined if no endpoint was tried. */
  readonly endpoint?: string;
  /** The number of retries. */
  readonly retries: number;
}

/** How often limits rejected something and endpoints were ejected, summed over all calling proxies. */
export interface LoadCounts {
  /** How often a connection exceeded the limit. An endpoint without connections still gets one. */
  readonly connectionOverflow: number;
  /** Requests rejected because too many waited for a connection. */
  readonly pendingOverflow: number;
  /** Requests rejected because too many were active. */
  readonly activeOverflow: number;
  /** Retries that were dropped because too many were active. */
  readonly retryOverflow: number;
  /** Ejections of endpoints. */
  readonly ejections: number;
}

/** The requests to an endpoint. */
export interface EndpointCounts {
  /** All requests, including retries and mirrored requests. */
  readonly requests: number;
  /** The requests that failed. */
  readonly failures: number;
}

/** The result of a load. */
export class LoadResult {
  constructor(
    /** Every request, from the caller's view. */
    public readonly samples: readonly LoadSample[],
    /** The counters of limits and ejections. */
    public readonly counts: LoadCounts,
    /** The requests per address, including mirrored requests. */
    public readonly endpoints: ReadonlyMap<string, EndpointCounts>,
    /** The decision that all of these requests share. */
    private readonly path: string,
  ) {}

  /** The number of requests per status. */
  public get statuses(): { readonly [status: number]: number } {
    const counts: { [status: number]: number } = {};
    for (const { status } of this.samples) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  /** The requests that failed. */
  public get failures(): readonly LoadSample[] {
    return this.samples.filter(({ status }) => status >= 400);
  }

  /** The percentage of requests that failed. */
  public get failedPercent(): number {
    return this.percent(this.failures.length);
  }

  /** The percentage of requests that exceeded a limit of the proxy. */
  public get overflowPercent(): number {
    return this.percent(this.samples.filter(({ flag }) => flag === 'UO').length);
  }

  /** The time within which this percentage of the requests was answered, in milliseconds. */
  public percentile(percent: number): number {
    const times = this.samples.map(({ took }) => took).sort((a, b) => a - b);
    return times[Math.max(0, Math.ceil(times.length * percent / 100) - 1)] ?? 0;
  }

  /** The figures, one per line, and the decision path of the requests. */
  public explain(): string {
    const { connectionOverflow, pendingOverflow, activeOverflow, retryOverflow, ejections } = this.counts;
    const flags = new Map<string, number>();
    for (const { flag } of this.samples) if (flag !== undefined) flags.set(flag, (flags.get(flag) ?? 0) + 1);
    return [
      `${this.samples.length} requests, ${this.failures.length} failed (${this.failedPercent.toFixed(1)} %): ${Object.entries(this.statuses).map(([status, n]) => `${n} of ${status}`).join(', ')}`,
      `flags: ${[...flags].map(([flag, n]) => `${n} ${flag}`).join(', ') || 'none'}`,
      `rejected: ${pendingOverflow} pending requests, ${activeOverflow} active requests, ${retryOverflow} retries; over the connection limit: ${connectionOverflow}`,
      `ejections: ${ejections}`,
      ...[...this.endpoints].map(([address, { requests, failures }]) => `endpoint ${address}: ${requests} requests, ${failures} failed`),
      '',
      this.path,
    ].join('\n');
  }

  private percent(part: number): number {
    return this.samples.length === 0 ? 0 : 100 * part / this.samples.length;
  }
}
