import type { Clusters, Destination, Reception } from './clusters';
import type { Fault } from './fault';
import { faultOf } from './fault';
import { milliseconds, percentOf } from '../envoy/xds/proto-values';
import type { ClusterWeight, HashPolicy, RequestMirrorPolicy, RetryPolicy, Route } from '../envoy/xds/route';

/** A part of the requests and where it goes. */
export interface Share extends Destination {
  /** Of all requests of the route, from 0 to 100. */
  readonly percent: number;
  /** The weighted cluster of Envoy, which may change headers of its own; undefined where the route has one cluster. */
  readonly weighted?: ClusterWeight;
}

/** A cluster that gets copies, of so many of the requests. */
export interface Mirror extends Destination {
  /** Of how many of the requests copies are made, from 0 to 100. */
  readonly percent: number;
  /** Whether the copy's Host ends in `-shadow`. */
  readonly shadowHost: boolean;
}

/** Which requests that failed Envoy tries again, and how. */
export interface RetryPlan {
  /** How often it is tried again at most, beside the first try. */
  readonly attempts: number;
  /** Envoy's names of what is tried again. */
  readonly on: readonly string[];
  /** Statuses of answers that are tried again. */
  readonly statusCodes: readonly number[];
  /** How long one try may take, in milliseconds; undefined where only the whole is limited. */
  readonly perTryTimeoutMs?: number;
  /** What the waits before further tries grow from, in milliseconds; each is drawn at random up to a bound that about doubles with every try. */
  readonly backOffMs: number;
  /** Whether another try avoids the endpoints that were tried. */
  readonly avoidsTried: boolean;
}

/** What a route does to every request that it takes, whatever the request. */
export interface RoutePlan {
  readonly split: readonly Share[];
  readonly mirrors: readonly Mirror[];
  /** How long Envoy waits for the answer, in milliseconds; undefined where it waits as long as it takes. */
  readonly timeoutMs?: number;
  readonly retry?: RetryPlan;
  readonly fault?: Fault;
  /** What the endpoint is chosen by, where that is not left to chance: such as `cookie session`. */
  readonly hashedBy: readonly string[];
}

/** Envoy's own, where a route states none. */
const DEFAULT_TIMEOUT_MS = 15_000;

export function routePlan(route: Route, clusters: Clusters): RoutePlan {
  const action = route.route;
  const fault = faultOf(route.typedPerFilterConfig?.['envoy.filters.http.fault']);
  if (action === undefined) return { split: [], mirrors: [], fault, hashedBy: [] };
  const timeoutMs = action.timeout === undefined ? DEFAULT_TIMEOUT_MS : milliseconds(action.timeout);
  return {
    split: splitOf(action, clusters),
    mirrors: (action.requestMirrorPolicies ?? []).map(policy => mirrorOf(policy, clusters)),
    ...(timeoutMs > 0 && { timeoutMs }),
    retry: retryOf(action.retryPolicy),
    fault,
    hashedBy: (action.hashPolicy ?? []).map(hashedBy),
  };
}

/** What routes and TCP proxies have in common. */
interface Splitting {
  readonly cluster?: string;
  readonly weightedClusters?: { readonly clusters: readonly ClusterWeight[] };
}

/** Shares in exact percent of the weights' sum; a weight of 0 gets nothing. Connections are split in the same way. */
export function splitOf({ cluster, weightedClusters }: Splitting, clusters: Clusters): Share[] {
  if (cluster !== undefined) return [{ ...clusters.destination(cluster), percent: 100 }];
  const weighted = (weightedClusters?.clusters ?? []).filter(({ weight = 0 }) => weight > 0);
  const total = weighted.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return weighted.map(each => ({ ...clusters.destination(each.name), percent: 100 * (each.weight ?? 0) / total, weighted: each }));
}

/** What becomes of requests that are split so: the most that any part of them comes to. */
export function receptionOf(split: readonly Share[]): Reception {
  const receptions = split.map(({ reception }) => reception);
  return receptions.find(reception => reception === 'routed') ?? receptions[0] ?? 'unknown cluster';
}

function mirrorOf(policy: RequestMirrorPolicy, clusters: Clusters): Mirror {
  const percent = policy.runtimeFraction === undefined ? 100 : percentOf(policy.runtimeFraction.defaultValue);
  return { ...clusters.destination(policy.cluster), percent, shadowHost: policy.disableShadowHostSuffixAppend !== true };
}

function retryOf(policy: RetryPolicy | undefined): RetryPlan | undefined {
  if (policy === undefined) return undefined;
  const { retryOn = '', numRetries = 1, perTryTimeout, retriableStatusCodes = [], retryBackOff, retryHostPredicate = [] } = policy;
  return {
    attempts: numRetries,
    on: retryOn.split(',').filter(token => token !== ''),
    statusCodes: retriableStatusCodes,
    ...(milliseconds(perTryTimeout) > 0 && { perTryTimeoutMs: milliseconds(perTryTimeout) }),
    backOffMs: retryBackOff?.baseInterval === undefined ? 25 : milliseconds(retryBackOff.baseInterval),
    avoidsTried: retryHostPredicate.some(({ name }) => name === 'envoy.retry_host_predicates.previous_hosts'),
  };
}

function hashedBy({ header, cookie, queryParameter, connectionProperties }: HashPolicy): string {
  if (header) return `header ${header.headerName}`;
  if (cookie) return `cookie ${cookie.name}`;
  if (queryParameter) return `query parameter ${queryParameter.name}`;
  return connectionProperties?.sourceIp === true ? 'the caller\'s address' : 'something else';
}
