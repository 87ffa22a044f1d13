import { Decision } from '../simulator/decision';
import type { ExpectedDenial, ExpectedOverflow, ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from '../simulator/expectations';
import {
  isAllowed, isBlocked, isDenied, isUnauthorized, mirrorsTo, overflows, redirectsTo, respondsWith, retries, rewritesTo, routesTo,
  splitsTraffic,
  timesOutAfter,
} from '../simulator/expectations';
import { LoadResult } from '../simulator/load/load-result';
import type { ExpectedRequest } from '../simulator/request-table';
import { unmetExpectations } from '../simulator/request-table';
import { SimulatedProxy } from '../simulator/simulated-proxy';

/** The matchers. */
export interface TrafficMatchers<R> {
  /** Every request reaches the service, or the subset if it is given. */
  toRouteTo(service: string, subset?: string): R;
  /** The traffic has exactly these shares, in percent by subset, service, or `service/subset`. */
  toSplitTraffic(split: Split): R;
  /** This percentage of the requests is copied to the service. */
  toMirrorTo(service: string, subset?: string, percent?: number): R;
  /** The proxy blocks the request, because the registry does not know the host. */
  toBeBlocked(): R;
  /** Access policies, and the mutual TLS of the pods, let every request pass. */
  toBeAllowed(): R;
  /** Policies refuse every request: with 403, or a connection without HTTP by its end. `by` names the policy. */
  toBeDenied(expected?: ExpectedDenial): R;
  /** The token of the request is refused with 401. */
  toBeUnauthorized(): R;
  /** The proxy redirects the caller to a URL, or to a path on the same host. */
  toRedirectTo(location: string, status?: number): R;
  /** The proxy responds itself with this status, for any reason. */
  toRespondWith(status: number, body?: string): R;
  /** Failed requests are retried this often, or on these conditions. */
  toRetry(expected?: number | ExpectedRetry): R;
  /** The timeout of the request: milliseconds, a string such as `2s`, or a Duration. */
  toTimeOutAfter(timeout: Timespan): R;
  /** The service receives this path, or this Host header. */
  toRewriteTo(rewrite: string | ExpectedRewrite): R;
  /** Limits of the proxies reject some requests of a load. */
  toOverflow(expected?: ExpectedOverflow): R;
  /** Every request of a table meets its expectations. */
  toHandle(table: readonly ExpectedRequest[]): R;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The argument of `expect.extend()`. Importing `cdk8s-istio/jest` calls it. */
export const matchers = {
  toRouteTo: (received: unknown, service: string, subset?: string) => routesTo(decision(received), service, subset),
  toSplitTraffic: (received: unknown, split: Split) => splitsTraffic(decision(received), split),
  toMirrorTo: (received: unknown, service: string, subset?: string, percent?: number) =>
    mirrorsTo(decision(received), service, subset, percent),
  toBeBlocked: (received: unknown) => isBlocked(decision(received)),
  toBeAllowed: (received: unknown) => isAllowed(decision(received)),
  toBeDenied: (received: unknown, expected?: ExpectedDenial) => isDenied(decision(received), expected),
  toBeUnauthorized: (received: unknown) => isUnauthorized(decision(received)),
  toRedirectTo: (received: unknown, location: string, status?: number) => redirectsTo(decision(received), location, status),
  toRespondWith: (received: unknown, status: number, body?: string) => respondsWith(decision(received), status, body),
  toRetry: (received: unknown, expected?: number | ExpectedRetry) => retries(decision(received), expected),
  toTimeOutAfter: (received: unknown, timeout: Timespan) => timesOutAfter(decision(received), timeout),
  toRewriteTo: (received: unknown, rewrite: string | ExpectedRewrite) => rewritesTo(decision(received), rewrite),
  toOverflow: (received: unknown, expected?: ExpectedOverflow): Verdict =>
    overflows(only(received, LoadResult, 'a load, such as sidecar.load(url, options)'), expected),
  toHandle: (received: unknown, table: readonly ExpectedRequest[]): Outcome => {
    const unmet = unmetExpectations(only(received, SimulatedProxy, 'a proxy, such as mesh.sidecar(options)'), table);
    return {
      pass: unmet.length === 0,
      message: () => (unmet.length === 0 ? 'expected at least one request of the table to be handled differently' : unmet.join('\n\n')),
    };
  },
};

function decision(received: unknown): Decision {
  return only(received, Decision, 'a request, such as sidecar.get(url)');
}

function only<T>(received: unknown, type: new (...args: never[]) => T, what: string): T {
  if (received instanceof type) return received;
  throw new TypeError(`expect() received ${received === null ? 'null' : typeof received}, but this matcher needs ${what}`);
}
