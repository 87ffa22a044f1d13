import { parseClusterName } from '../envoy/cluster-name';

/** The destination of a cluster. */
export interface Destination {
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
}

/** Reads istiod's name of a cluster. The name of any other cluster is its own destination. */
export function destinationOf(cluster: string): Destination {
  return parseClusterName(cluster) ?? { host: cluster };
}

const WITHOUT_SERVICE: { readonly [cluster: string]: string } = {
  PassthroughCluster: 'the called address',
  BlackHoleCluster: 'nowhere (connections are reset)',
};

/** A destination in words, such as `version-v1 of catalog.shop:80`. */
export function describeDestination({ host, port, subset }: Destination): string {
  if (port === undefined) return WITHOUT_SERVICE[host] ?? host;
  return `${subset === undefined ? '' : `${subset} of `}${shortHost(host)}:${port}`;
}

/** A host without the cluster's domain. */
export function shortHost(host: string): string {
  return host.replace(/\.svc\.cluster\.local$/, '');
}
