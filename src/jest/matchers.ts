import type { Limits } from '../invariants/expectations';
import { alwaysReaches, alwaysStaysWithin, keepsInvariants, leavesOnlyThrough, neverReaches } from '../invariants/expectations';
import type { CallersFields, NeverFields, RequestsFields, TargetFields } from '../invariants/invariant';
import { Decision } from '../simulator/decision';
import type { ExpectedDenial, ExpectedOverflow, ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from '../simulator/expectations';
import {
  isAllowed, isBlocked, isDenied, isUnauthorized, mirrorsTo, overflows, redirectsTo, respondsWith, retries, rewritesTo, routesTo,
  splitsTraffic,
  timesOutAfter,
} from '../simulator/expectations';
import { LoadResult } from '../simulator/load/load-result';
import { Mesh } from '../simulator/mesh';
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
  /** It is proven of a mesh that no request reaches a destination: it is not routed there, or it is denied. */
  toNeverReach(to: TargetFields, of?: Omit<NeverFields, 'to'>): R;
  /** It is proven of a mesh that every one of some requests reaches a destination. */
  toAlwaysReach(to: TargetFields, requests: RequestsFields, callers?: CallersFields): R;
  /** It is proven of a mesh that every one of some requests that is routed keeps limits on its timeout, retries, or shares. */
  toAlwaysStayWithin(limits: Limits, requests: RequestsFields, callers?: CallersFields): R;
  /** It is proven of a mesh that nothing leaves it except through a gateway: `NAMESPACE/KEY=VALUE,...`, with the labels of its pods. */
  toLeaveOnlyThrough(gateway: string, callers?: CallersFields): R;
  /** All invariants of a file are proven of a mesh. */
  toKeepInvariants(file: string): R;
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
  toNeverReach: (received: unknown, to: TargetFields, of?: Omit<NeverFields, 'to'>) => neverReaches(mesh(received), to, of),
  toAlwaysReach: (received: unknown, to: TargetFields, requests: RequestsFields, callers?: CallersFields) =>
    alwaysReaches(mesh(received), to, requests, callers),
  toAlwaysStayWithin: (received: unknown, limits: Limits, requests: RequestsFields, callers?: CallersFields) =>
    alwaysStaysWithin(mesh(received), limits, requests, callers),
  toLeaveOnlyThrough: (received: unknown, gateway: string, callers?: CallersFields) => leavesOnlyThrough(mesh(received), gateway, callers),
  toKeepInvariants: (received: unknown, file: string) => keepsInvariants(mesh(received), file),
};

function mesh(received: unknown): Mesh {
  return only(received, Mesh, 'a mesh, such as Mesh.fromChart(chart)');
}

function decision(received: unknown): Decision {
  return only(received, Decision, 'a request, such as sidecar.get(url)');
}

function only<T>(received: unknown, type: { readonly prototype: T }, what: string): T {
  if (received instanceof (type as new () => T & object)) return received;
  throw new TypeError(`expect() received ${received === null ? 'null' : typeof received}, but this matcher needs ${what}`);
}
