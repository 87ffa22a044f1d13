import { parseLocalityLabel } from './locality';
import type { MeshConfig } from './mesh-config';
import { topologyLabels } from './topology-labels';
import { addToGroup } from '../manifest/group-by';
import type { WorkloadEntrySpec } from '../manifest/istio-specs.generated';
import type { Container } from '../manifest/kubernetes-kinds';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { isOfKind } from '../manifest/manifest';
import { podTemplateOf, serviceAccountOf } from '../manifest/pod-template';

/** A workload instance: a pod, a WorkloadEntry, or an endpoint of a ServiceEntry. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly labels: { readonly [key: string]: string };
  /** The named ports. */
  readonly ports: ReadonlyMap<string, number>;
  readonly locality: string;
  readonly weight: number;
  readonly network?: string;
  readonly mutualTls: boolean;
  readonly identity?: string;
  /** The creation time of a WorkloadEntry. */
  readonly creationTimestamp?: string;
}

/** The label that injection sets on workloads that accept mutual TLS. */
const TLS_MODE = 'security.istio.io/tlsMode';

/** The kinds with `spec.replicas`. */
const REPLICATED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'] as const;

/** The most pods per template. A mistyped number would otherwise take all memory. */
const MOST_PODS = 1000;

/** The pods that the manifests would run. Each gets an address of its own. */
export function podsOf(manifests: readonly Manifest[], mesh: MeshConfig): Workload[] {
  const pods: Workload[] = [];
  for (const manifest of manifests) {
    const replicas = replicasOf(manifest);
    const template = replicas === undefined ? undefined : podTemplateOf(manifest);
    if (template === undefined) continue;
    const { name, namespace = '' } = manifest.metadata;
    const labels = template.metadata?.labels ?? {};
    const account = serviceAccountOf(template.spec);
    const shared = {
      namespace,
      labels,
      ports: containerPorts(template.spec?.containers),
      locality: '',
      weight: 1,
      mutualTls: labels[TLS_MODE] === 'istio',
      identity: account === undefined ? undefined : spiffe(mesh.trustDomain, namespace, account),
    };
    for (let replica = 0; replica < Math.min(replicas!, MOST_PODS); replica++) {
      const number = pods.length + 1;
      const address = `10.${10 + Math.floor(number / 62500)}.${Math.floor(number / 250) % 250}.${number % 250 + 1}`;
      pods.push({ ...shared, name: manifest.kind === 'Pod' ? name : `${name}-${replica}`, address });
    }
  }
  return pods;
}

/** How many pods an object makes; undefined for a kind of which the registry knows no number. */
export function replicasOf(manifest: Manifest): number | undefined {
  if (isOfKind(manifest, 'Pod') || isOfKind(manifest, 'DaemonSet')) return 1;
  for (const kind of REPLICATED) if (isOfKind(manifest, kind)) return manifest.spec?.replicas ?? 1;
  return undefined;
}

function containerPorts(containers: readonly Container[] = []): Map<string, number> {
  const ports = new Map<string, number>();
  for (const { name, containerPort } of containers.flatMap(container => container.ports ?? [])) {
    if (name !== undefined && containerPort !== undefined && !ports.has(name)) ports.set(name, containerPort);
  }
  return ports;
}

/** The workload of a WorkloadEntry, or of an endpoint of a ServiceEntry, with its topology labels. */
export function workloadOf(fields: WorkloadEntrySpec, name: string, namespace: string, mesh: MeshConfig): Workload {
  const stated = fields.labels ?? {};
  const locality = fields.locality || parseLocalityLabel(stated);
  const labels = { ...stated, ...topologyLabels(locality, stated['topology.istio.io/network'] ? undefined : fields.network) };
  return {
    name,
    namespace,
    address: fields.address ?? '',
    labels,
    ports: new Map(Object.entries(fields.ports ?? {})),
    locality,
    weight: fields.weight || 1,
    ...(fields.network ? { network: fields.network } : {}),
    mutualTls: stated[TLS_MODE] === undefined ? Boolean(fields.serviceAccount) : stated[TLS_MODE] === 'istio',
    ...(fields.serviceAccount ? { identity: spiffe(mesh.trustDomain, namespace, fields.serviceAccount) } : {}),
  };
}

export function spiffe(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** Workloads by namespace and label, so that a selector examines few of them. */
export class WorkloadIndex {
  private readonly byNamespace = new Map<string, Workload[]>();
  private readonly byLabel = new Map<string, Workload[]>();

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) {
      addToGroup(this.byNamespace, workload.namespace, workload);
      for (const [key, value] of Object.entries(workload.labels)) {
        addToGroup(this.byLabel, labelKey(workload.namespace, key, value), workload);
      }
    }
  }

  /** The workloads of a namespace that a selector matches, in their order. */
  public select(namespace: string, selector: { readonly [key: string]: string }): readonly Workload[] {
    const terms = Object.entries(selector);
    if (terms.length === 0) return this.byNamespace.get(namespace) ?? [];
    const lists = terms.map(([key, value]) => this.byLabel.get(labelKey(namespace, key, value)) ?? []);
    const fewest = lists.reduce((least, list) => (list.length < least.length ? list : least));
    return terms.length === 1 ? fewest : fewest.filter(({ labels }) => selects(selector, labels));
  }
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
