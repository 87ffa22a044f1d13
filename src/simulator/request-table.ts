import { connectionOf, isConnectionUrl } from './connection-url';
import type { Decision } from './decision';
import type { ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from './expectations';
import {
  isBlocked,
  mirrorsTo,
  redirectsTo,
  respondsWith,
  retries,
  rewritesTo,
  routesTo,
  splitsTraffic,
  timesOutAfter,
} from './expectations';
import type { RequestOptions } from './request';
import type { SimulatedProxy } from './simulated-proxy';

/** A request and its expectations. A destination is a service, or `service/subset`. */
export interface ExpectedRequest extends RequestOptions {
  /** A URL, preceded by the method unless it is GET: `PUT http://catalog/items`. Or a connection, such as `tcp://db:5432`. */
  readonly request: string;
  /** The destination of all requests. */
  readonly routesTo?: string;
  /** The split of the requests. */
  readonly splitsTraffic?: Split;
  /** Where requests are mirrored, with any percentage. */
  readonly mirrorsTo?: string;
  /** Whether the proxy blocks the request because the mesh does not know the host. */
  readonly blocked?: boolean;
  /** The URL to which the caller is redirected, or a path on the same host. */
  readonly redirectsTo?: string;
  /** The status with which the proxy answers itself. */
  readonly respondsWith?: number;
  /** The number of retries, or their conditions. */
  readonly retries?: number | ExpectedRetry;
  /** The timeout. */
  readonly timesOutAfter?: Timespan;
  /** The rewritten path, or the path and the Host header. */
  readonly rewritesTo?: string | ExpectedRewrite;
}

/** The expectations of a table that fail, each with its decision path. */
export function unmetExpectations(proxy: SimulatedProxy, table: readonly ExpectedRequest[]): string[] {
  return table.flatMap(row => {
    const [url, method = 'GET'] = row.request.trim().split(/\s+/).reverse();
    const decision = isConnectionUrl(url) ? proxy.connect({ ...connectionOf(url), address: row.address }) : proxy.request(method, url, row);
    const verdicts = verdictsOf(decision, row);
    if (verdicts.length === 0) throw new Error(`the row of '${row.request}' has no expectation; add one, such as routesTo`);
    return verdicts.filter(({ pass }) => !pass).map(({ message }) => message());
  });
}

function verdictsOf(decision: Decision, row: ExpectedRequest): Verdict[] {
  const on = <T>(value: T | undefined, check: (wanted: T) => Verdict): Verdict[] => (value === undefined ? [] : [check(value)]);
  return [
    ...on(row.routesTo, place => routesTo(decision, ...destination(place))),
    ...on(row.splitsTraffic, split => splitsTraffic(decision, split)),
    ...on(row.mirrorsTo, place => mirrorsTo(decision, ...destination(place))),
    ...on(row.blocked, wanted => expectedToBe(isBlocked(decision), wanted)),
    ...on(row.redirectsTo, location => redirectsTo(decision, location)),
    ...on(row.respondsWith, status => respondsWith(decision, status)),
    ...on(row.retries, wanted => retries(decision, wanted)),
    ...on(row.timesOutAfter, timeout => timesOutAfter(decision, timeout)),
    ...on(row.rewritesTo, rewrite => rewritesTo(decision, rewrite)),
  ];
}

function expectedToBe(verdict: Verdict, wanted: boolean): Verdict {
  return { ...verdict, pass: verdict.pass === wanted };
}

function destination(text: string): [string, string?] {
  const [service, subset] = text.split('/');
  return subset === undefined ? [service] : [service, subset];
}
