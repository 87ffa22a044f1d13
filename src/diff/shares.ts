import { describeDestination, destinationOf } from './destination';
import type { Destination } from './destination';
import { fieldWords } from './field-words';
import { describeHeaders } from './header-words';
import { clusterNotFoundStatus } from '../envoy/xds/cluster-not-found';
import type { HeaderMutations } from '../envoy/xds/core';
import type { RouteAction } from '../envoy/xds/route';

/** A share of a route's requests. */
export interface Share {
  readonly cluster: string;
  readonly destination: Destination;
  /** The fraction of the route's requests. The shares of a route add up to 1. */
  readonly fraction: number;
  /** The header changes of this destination, in words. Empty without changes. */
  readonly treatment: string;
  /** The status of its requests if the proxy does not have the cluster. */
  readonly statusWithout: number;
}

/** The fields that routes and TCP proxies have in common. */
interface Splitting {
  readonly cluster?: string;
  readonly clusterHeader?: string;
  readonly clusterNotFoundResponseCode?: RouteAction['clusterNotFoundResponseCode'];
  readonly weightedClusters?: { readonly clusters: readonly (HeaderMutations & { readonly name: string; readonly weight?: number })[] };
}

/**
 * Where a route sends requests, normalized: 900 of 1000 is 9 of 10, destinations with weight 0 are dropped, and the order does not matter.
 */
export function sharesOf({ cluster, clusterHeader, weightedClusters, ...action }: Splitting): Share[] {
  const statusWithout = clusterNotFoundStatus(action);
  if (clusterHeader !== undefined) return [whole(`the cluster that the header ${clusterHeader} names`, statusWithout)];
  if (cluster !== undefined) return [whole(cluster, statusWithout)];
  const weights = new Map<string, { readonly cluster: string; readonly treatment: string; weight: number }>();
  for (const { name, weight = 0, ...others } of weightedClusters?.clusters ?? []) {
    const treatment = treatmentOf(others);
    const known = weights.get(`${name} ${treatment}`);
    if (known) known.weight += weight;
    else if (weight > 0) weights.set(`${name} ${treatment}`, { cluster: name, treatment, weight });
  }
  const parts = [...weights.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map(({ weight, ...part }) => (
    { ...part, destination: destinationOf(part.cluster), fraction: weight / total, statusWithout }));
}

function treatmentOf(
  { requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove, ...others }: HeaderMutations,
): string {
  const headers = describeHeaders({ requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove });
  return [headers, ...(Object.keys(others).length > 0 ? [fieldWords(others)] : [])].filter(text => text !== '').join(', ');
}

function whole(cluster: string, statusWithout: number): Share {
  return { cluster, destination: destinationOf(cluster), fraction: 1, treatment: '', statusWithout };
}

/** Shares in words: `90 % version-v1 of catalog.shop:80, 10 % ...`. A cluster that the proxy does not have is marked. */
export function describeShares(shares: readonly Share[], has: (cluster: string) => boolean): string {
  if (shares.length === 0) return 'nowhere (no destination has a weight)';
  return shares.map(({ cluster, destination, fraction, treatment, statusWithout }) => [
    ...(shares.length === 1 ? [] : [percent(fraction)]),
    describeDestination(destination),
    ...(has(cluster) ? [] : [`(${statusWithout}: the proxy has no such cluster)`]),
    ...(treatment === '' ? [] : [`(${treatment})`]),
  ].join(' ')).join(', ');
}

/** A fraction as `12.5 %`, rounded to four decimals. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(4))} %`;
}
