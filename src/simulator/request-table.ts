import { connectionOf, isConnectionUrl } from './connection-url';
import type { Decision } from './decision';
import type { ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from './expectations';
import { isBlocked, mirrorsTo, redirectsTo, respondsWith, retries, rewritesTo, routesTo, splitsTraffic, timesOutAfter } from './expectations';
import type { RequestOptions } from './request';
import type { SimulatedProxy } from './simulated-proxy';

/** A request and what is expected of it; destinations are a service, or `service/subset`. */
export interface ExpectedRequest extends RequestOptions {
  /** A URL, with the method before it where it is not GET: `PUT http://catalog/items`; or a connection, such as `tcp://db:5432`. */
  readonly request: string;
  /** Where all of the traffic goes. */
  readonly routesTo?: string;
  /** How the traffic is split. */
  readonly splitsTraffic?: Split;
  /** Where copies go, of however many requests. */
  readonly mirrorsTo?: string;
  /** Whether the proxy refuses the request, because the mesh does not know the host. */
  readonly blocked?: boolean;
  /** A URL that the caller is sent to, or a path on the same host. */
  readonly redirectsTo?: string;
  /** The status that the proxy answers itself. */
  readonly respondsWith?: number;
  /** How often failed requests are tried again, or on which conditions. */
  readonly retries?: number | ExpectedRetry;
  /** When the proxy gives up. */
  readonly timesOutAfter?: Timespan;
  /** The path that is sent on, or path and Host header. */
  readonly rewritesTo?: string | ExpectedRewrite;
}

/** The expectations of a table that do not hold, each with its decision path. */
export function unmetExpectations(proxy: SimulatedProxy, table: readonly ExpectedRequest[]): string[] {
  return table.flatMap(row => {
    const [url, method = 'GET'] = row.request.trim().split(/\s+/).reverse();
    const decision = isConnectionUrl(url) ? proxy.connect({ ...connectionOf(url), address: row.address }) : proxy.request(method, url, row);
    const verdicts = verdictsOf(decision, row);
    if (verdicts.length === 0) throw new Error(`the row of '${row.request}' expects nothing; state an expectation, such as routesTo`);
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
