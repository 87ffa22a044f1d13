import type { Change } from './change';
import type { Destination } from './destination';
import { describeDestination } from './destination';
import type { ProxyTraffic } from './proxy-traffic';
import { reachedDestinations } from './used-clusters';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { manifestsOf, readManifests } from '../manifest/manifest';

/** The labels by which subsets select pods, per host and subset. */
export type SubsetLabels = ReadonlyMap<string, string>;

export function subsetLabels(
  objects: readonly KubernetesObject[], defaultNamespace = 'default', clusterDomain = 'cluster.local',
): SubsetLabels {
  const labels = new Map<string, string>();
  for (const { metadata, spec = {} } of manifestsOf(readManifests(objects).manifests, 'DestinationRule')) {
    if (spec.host === undefined) continue;
    const host = fullHost(spec.host, metadata.namespace ?? defaultNamespace, clusterDomain);
    for (const subset of spec.subsets ?? []) {
      const key = `${host}|${subset.name}`;
      const selected = Object.entries(subset.labels ?? {}).map(([name, value]) => `${name}=${value}`).sort().join(', ') || 'every pod';
      // Of several DestinationRules for a host, each caller gets one. The clusters show which.
      labels.set(key, labels.has(key) && labels.get(key) !== selected ? [labels.get(key)!, selected].sort().join(' or ') : selected);
    }
  }
  return labels;
}

/** Subsets that get requests and keep their name, but select other pods. */
export function compareSubsetLabels(old: SubsetLabels, now: SubsetLabels, before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const changed = new Set([...now].filter(([key, labels]) => old.has(key) && old.get(key) !== labels).map(([key]) => key));
  if (changed.size === 0) return [];
  const isChanged = ({ host, subset }: Destination) => subset !== undefined && changed.has(`${host}|${subset}`);
  return reachedDestinations(isChanged, before, after).map((destination): Change => {
    const key = `${destination.host}|${destination.subset}`;
    const { host, port } = destination;
    return {
      kind: 'selection',
      risk: 'high',
      host,
      port,
      destination: describeDestination(destination),
      before: old.get(key)!,
      after: now.get(key)!,
    };
  });
}
