import { Decision } from '../simulator/decision';
import type { ExpectedOverflow, ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from '../simulator/expectations';
import {
  isBlocked, mirrorsTo, overflows, redirectsTo, respondsWith, retries, rewritesTo, routesTo, splitsTraffic, timesOutAfter,
} from '../simulator/expectations';
import { LoadResult } from '../simulator/load/load-result';
import type { ExpectedRequest } from '../simulator/request-table';
import { unmetExpectations } from '../simulator/request-table';
import { SimulatedProxy } from '../simulator/simulated-proxy';

/** The matchers as tests call them. */
export interface TrafficMatchers<R> {
  /** Every request reaches a service, and of it a subset. */
  toRouteTo(service: string, subset?: string): R;
  /** The traffic is split so, in exact percent by subset, service, or `service/subset`. */
  toSplitTraffic(split: Split): R;
  /** Copies go to a service, of so many percent of the requests. */
  toMirrorTo(service: string, subset?: string, percent?: number): R;
  /** The proxy refuses the request, because the mesh does not know the host. */
  toBeBlocked(): R;
  /** The caller is sent elsewhere: a URL, or a path on the same host. */
  toRedirectTo(location: string, status?: number): R;
  /** The proxy answers itself, whatever for. */
  toRespondWith(status: number, body?: string): R;
  /** Failed requests are tried again, so often or on these conditions. */
  toRetry(expected?: number | ExpectedRetry): R;
  /** The proxy gives up after a time: milliseconds, a text such as `2s`, or a Duration. */
  toTimeOutAfter(timeout: Timespan): R;
  /** Another path, or Host header, is sent on. */
  toRewriteTo(rewrite: string | ExpectedRewrite): R;
  /** Limits of the proxies refuse some requests of a load. */
  toOverflow(expected?: ExpectedOverflow): R;
  /** Every request of a table meets what is expected of it. */
  toHandle(table: readonly ExpectedRequest[]): R;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For `expect.extend`; importing `cdk8s-istio/jest` does it. */
export const matchers = {
  toRouteTo: (received: unknown, service: string, subset?: string) => routesTo(decision(received), service, subset),
  toSplitTraffic: (received: unknown, split: Split) => splitsTraffic(decision(received), split),
  toMirrorTo: (received: unknown, service: string, subset?: string, percent?: number) => mirrorsTo(decision(received), service, subset, percent),
  toBeBlocked: (received: unknown) => isBlocked(decision(received)),
  toRedirectTo: (received: unknown, location: string, status?: number) => redirectsTo(decision(received), location, status),
  toRespondWith: (received: unknown, status: number, body?: string) => respondsWith(decision(received), status, body),
  toRetry: (received: unknown, expected?: number | ExpectedRetry) => retries(decision(received), expected),
  toTimeOutAfter: (received: unknown, timeout: Timespan) => timesOutAfter(decision(received), timeout),
  toRewriteTo: (received: unknown, rewrite: string | ExpectedRewrite) => rewritesTo(decision(received), rewrite),
  toOverflow: (received: unknown, expected?: ExpectedOverflow): Verdict => overflows(only(received, LoadResult, 'a load, such as sidecar.load(url, options)'), expected),
  toHandle: (received: unknown, table: readonly ExpectedRequest[]): Outcome => {
    const unmet = unmetExpectations(only(received, SimulatedProxy, 'a proxy, such as mesh.sidecar(options)'), table);
    return { pass: unmet.length === 0, message: () => (unmet.length === 0 ? 'expected some request of the table to be handled in another way' : unmet.join('\n\n')) };
  },
};

function decision(received: unknown): Decision {
  return only(received, Decision, 'a request, such as sidecar.get(url)');
}

function only<T>(received: unknown, type: new (...args: never[]) => T, what: string): T {
  if (received instanceof type) return received;
  throw new TypeError(`expect() was given ${received === null ? 'null' : typeof received}, and this matcher is about ${what}`);
}
