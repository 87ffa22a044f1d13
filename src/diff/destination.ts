import { parseClusterName } from '../envoy/cluster-name';

/** Where a cluster's requests go. */
export interface Destination {
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
}

/** What istiod's name of a cluster says; clusters that are no service's stand for themselves. */
export function destinationOf(cluster: string): Destination {
  return parseClusterName(cluster) ?? { host: cluster };
}

const WITHOUT_SERVICE: { readonly [cluster: string]: string } = {
  PassthroughCluster: 'the address that was called, as it is',
  BlackHoleCluster: 'nowhere (connections are reset)',
};

/** A destination in words, such as `version-v1 of catalog.shop:80`. */
export function describeDestination({ host, port, subset }: Destination): string {
  if (port === undefined) return WITHOUT_SERVICE[host] ?? host;
  return `${subset === undefined ? '' : `${subset} of `}${shortHost(host)}:${port}`;
}

/** A host without what all names in a cluster end in. */
export function shortHost(host: string): string {
  return host.replace(/\.svc\.cluster\.local$/, '');
}
