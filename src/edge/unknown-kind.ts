import { groupVersionOf, isServed } from './api-version';
import { KNOWN_KINDS } from './rows-by-kind';
import { KINDS } from '../manifest/crd-schemas.generated';
import { addToGroup } from '../manifest/group-by';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { nearest } from '../traffic/nearest';

/** Why no cluster knows what an object is. */
export interface UnknownKind {
  readonly path: 'kind' | 'apiVersion';
  readonly cause: string;
  readonly repair: string;
}

/** The kinds of Kubernetes' own groups that manifests of traffic have objects of. */
const KUBERNETES_KINDS: { readonly [group: string]: readonly string[] | undefined } = {
  '': [
    'Binding', 'ComponentStatus', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'List', 'Namespace', 'Node', 'PersistentVolume',
    'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount',
    'Status',
  ],
  'apps': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'Scale', 'StatefulSet'],
  'batch': ['CronJob', 'Job'],
  'networking.k8s.io': ['ClusterCIDR', 'Ingress', 'IngressClass', 'IPAddress', 'NetworkPolicy', 'ServiceCIDR'],
};
/** How many letters may be wrong for a word to be another one of a group in which not every kind is known. */
const MOST_EDITS = 2;

/** The groups of Istio and the Gateway API that have a kind. */
const HOMES: ReadonlyMap<string, readonly string[]> = homesByKind();

/** Tells of a misspelt kind, group or version of Istio, the Gateway API or Kubernetes; undefined for whatever a cluster may know. */
export function unknownKind({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): UnknownKind | undefined {
  const { group, version } = groupVersionOf({ apiVersion });
  const kinds = KNOWN_KINDS.get(group);
  if (kinds?.includes(kind)) {
    // Of Istio's kinds the schema tells the versions.
    if (KINDS[kind]?.group === group || isServed(kind, group, version)) return undefined;
    const cause = `${group} has no version '${version}', so the API server rejects the object`;
    return { path: 'apiVersion', cause, repair: 'write a version that the cluster serves, such as v1' };
  }
  const homes = HOMES.get(kind) ?? [];
  if (homes.length > 0) {
    const isMeant = kinds !== undefined || KUBERNETES_KINDS[group] !== undefined || /(^|\.)istio\.io$/.test(group)
      || nearest(group, homes, MOST_EDITS) !== undefined;
    return isMeant ? { path: 'apiVersion', ...rejected(kind, apiVersion, `write the group ${homes.join(' or ')}`) } : undefined;
  }
  // Kubernetes and the Gateway API may have kinds that are not known here.
  const isAllKnown = kinds !== undefined && group.endsWith('istio.io');
  const known = kinds ?? KUBERNETES_KINDS[group] ?? [];
  const meant = known.includes(kind) ? undefined : nearestKind(kind, known, isAllKnown ? undefined : MOST_EDITS);
  if (meant !== undefined) return { path: 'kind', ...rejected(kind, apiVersion, `write ${meant}`) };
  return isAllKnown ? { path: 'kind', ...rejected(kind, apiVersion, `write one of ${known.join(', ')}`) } : undefined;
}

/** The nearest kind, whatever the case of its letters. */
function nearestKind(kind: string, known: readonly string[], most?: number): string | undefined {
  const found = nearest(kind.toLowerCase(), known.map(each => each.toLowerCase()), most);
  return known.find(each => each.toLowerCase() === found);
}

function rejected(kind: string, apiVersion: string, repair: string): Omit<UnknownKind, 'path'> {
  return { cause: `${apiVersion} has no kind '${kind}', so the API server rejects the object`, repair };
}

function homesByKind(): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, string[]>();
  for (const [group, kinds] of KNOWN_KINDS) for (const kind of kinds) addToGroup(homes, kind, group);
  return homes;
}
