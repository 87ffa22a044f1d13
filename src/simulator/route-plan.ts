import type { AccessVerdict } from './access/verdict';
import type { Clusters, Destination, Reception } from './clusters';
import type { Fault } from './fault';
import { faultOf } from './fault';
import { milliseconds, percentOf } from '../envoy/xds/proto-values';
import type { ClusterWeight, HashPolicy, RequestMirrorPolicy, RetryPolicy, Route } from '../envoy/xds/route';

/** A share of the requests and its destination. */
export interface Share extends Destination {
  /** The percentage of the route's requests, from 0 to 100. */
  readonly percent: number;
  /** Envoy's weighted cluster, which may change headers. Undefined if the route has a single cluster. */
  readonly weighted?: ClusterWeight;
  /** What the pods decide about the caller. Undefined if no policy does. */
  readonly access?: AccessVerdict;
}

/** A cluster to which a percentage of the requests is mirrored. */
export interface Mirror extends Destination {
  /** The percentage of mirrored requests, from 0 to 100. */
  readonly percent: number;
  /** Whether the Host header of mirrored requests ends in `-shadow`. */
  readonly shadowHost: boolean;
}

/** Which failed requests Envoy retries, and how. */
export interface RetryPlan {
  /** The maximum number of retries, without the first try. */
  readonly attempts: number;
  /** Envoy's names of the retry conditions. */
  readonly on: readonly string[];
  /** The statuses that are retried. */
  readonly statusCodes: readonly number[];
  /** The timeout per try in milliseconds. Undefined if only the whole request has a timeout. */
  readonly perTryTimeoutMs?: number;
  /** The base interval of the back-off in milliseconds. Each wait is drawn at random up to a bound that about doubles with every try. */
  readonly backOffMs: number;
  /** Whether a retry avoids the endpoints that were tried before. */
  readonly avoidsTried: boolean;
}

/** What a route does to all of its requests. */
export interface RoutePlan {
  readonly split: readonly Share[];
  readonly mirrors: readonly Mirror[];
  /** How long Envoy waits for the answer, in milliseconds; undefined where it waits as long as it takes. */
  readonly timeoutMs?: number;
  readonly retry?: RetryPlan;
  readonly fault?: Fault;
  /** The hash policies that select the endpoint, such as `cookie session`. */
  readonly hashedBy: readonly string[];
}

/** Envoy's default. */
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

/** The fields that routes and TCP proxies have in common. */
interface Splitting {
  readonly cluster?: string;
  readonly weightedClusters?: { readonly clusters: readonly ClusterWeight[] };
}

/** The shares, in exact percent of the sum of the weights, without weights of 0. Connections are split the same way. */
export function splitOf({ cluster, weightedClusters }: Splitting, clusters: Clusters): Share[] {
  if (cluster !== undefined) return [{ ...clusters.destination(cluster), percent: 100 }];
  const weighted = (weightedClusters?.clusters ?? []).filter(({ weight = 0 }) => weight > 0);
  const total = weighted.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return weighted.map(each => ({ ...clusters.destination(each.name), percent: 100 * (each.weight ?? 0) / total, weighted: each }));
}

/** The outcome of split requests: the best outcome of any share. */
export function receptionOf(split: readonly Share[]): Reception {
  const receptions = split.map(({ reception }) => reception);
  const best = (['routed', 'undecided'] as const).find(reception => receptions.includes(reception));
  return best ?? receptions[0] ?? 'unknown cluster';
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
