import type { StatedCaller } from './stated-callers';
import { statedCallers } from './stated-callers';
import type { Proxy } from '../envoy/proxy';
import { waypointName } from '../envoy/proxy';
import { gatewayPods } from '../gateway-api/gateway-pods';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { isOfKind, manifestsOf, readManifests } from '../manifest/manifest';
import { podTemplateOf } from '../manifest/pod-template';

/** A group of proxies whose traffic may differ from that of others. */
export interface Caller {
  readonly type: Proxy['type'];
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
}

/** A caller in words. */
export function describeCaller({ type, namespace, labels = {} }: Caller): string {
  const selected = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');
  if (type === 'gateway') return `gateway ${namespace}/${selected}`;
  if (type === 'waypoint') return `waypoint ${namespace}/${waypointName({ labels })}`;
  return selected === '' ? `sidecars in ${namespace}` : `sidecars in ${namespace} with ${selected}`;
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod', 'Job', 'CronJob']);
const NAMESPACED_CALLERS: ReadonlySet<string> = new Set([
  'Service', 'ServiceEntry', 'VirtualService', 'DestinationRule', 'Sidecar', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', ...WORKLOADS,
]);

/** The pods that an object runs. */
interface RunningPods {
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * The callers in a set of manifests: the sidecars of each namespace, split only by labels that some object selects by, and each gateway.
 */
export function callersOf(objects: readonly KubernetesObject[], defaultNamespace = 'default'): Caller[] {
  const { manifests } = readManifests(objects);
  const namespaceOf = ({ metadata: { namespace } }: Manifest) => namespace ?? defaultNamespace;
  const running = manifests.filter(({ kind }) => WORKLOADS.has(kind))
    .map((manifest): RunningPods => ({ namespace: namespaceOf(manifest), labels: podTemplateOf(manifest)?.metadata?.labels ?? {} }));
  const ofIstio = gatewaysOf(manifests, running);
  const ofGatewayApi = gatewayPods(manifests, defaultNamespace).map((pods): Caller => ({ type: 'gateway', ...pods }));
  const gateways = [...new Map([...ofIstio, ...ofGatewayApi].map(gateway => [describeCaller(gateway), gateway])).values()].sort(byText);
  const isGateway = ({ namespace, labels }: RunningPods) => gateways.some(g => g.namespace === namespace && selects(g.labels!, labels));
  const keys = new Set(manifests.flatMap(selectors).flatMap(selector => Object.keys(selector)));
  const sidecars = new Map<string, Caller>();
  const add = ({ namespace, labels }: RunningPods) => {
    const telling = Object.fromEntries(Object.entries(labels).filter(([key]) => keys.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)));
    const caller: Caller = { type: 'sidecar', namespace, ...(Object.keys(telling).length > 0 ? { labels: telling } : {}) };
    sidecars.set(`${namespace}/${JSON.stringify(telling)}`, caller);
  };
  const clients = running.filter(pods => !isGateway(pods));
  clients.forEach(add);
  const withWorkloads = new Set(clients.map(({ namespace }) => namespace));
  for (const manifest of manifests) {
    const namespace = namespaceOf(manifest);
    if (!NAMESPACED_CALLERS.has(manifest.kind) || withWorkloads.has(namespace) || ofIstio.some(g => g.namespace === namespace)) continue;
    for (const labels of [{}, ...selectors(manifest)]) add({ namespace, labels });
  }
  return [...[...sidecars.values()].sort(byText), ...gateways];
}

/** Each gateway in the namespace of its workload. Without a workload, it is in the namespace of Istio's default installation. */
function gatewaysOf(manifests: readonly Manifest[], running: readonly RunningPods[]): Caller[] {
  const found = new Map<string, Caller>();
  const selected = new Map(
    manifestsOf(manifests, 'Gateway').map(({ spec }) => [JSON.stringify(spec?.selector ?? {}), spec?.selector ?? {}]),
  );
  for (const labels of selected.values()) {
    if (Object.keys(labels).length === 0) continue;
    const namespaces = running.filter(pods => selects(labels, pods.labels)).map(({ namespace }) => namespace);
    for (const namespace of namespaces.length > 0 ? namespaces : ['istio-system']) {
      found.set(`${namespace}/${JSON.stringify(labels)}`, { type: 'gateway', namespace, labels });
    }
  }
  return [...found.values()];
}

/** Callers whose pods the input lacks, but which `sourceLabels` or a `workloadSelector` of the input selects. */
export function callersOutside(
  objects: readonly KubernetesObject[], known: readonly Caller[], defaultNamespace = 'default',
): readonly Caller[] {
  const found = new Map<string, Caller>();
  for (const manifest of readManifests(objects).manifests) {
    const own = manifest.metadata.namespace ?? defaultNamespace;
    // A match of a VirtualService takes callers of every namespace, a workloadSelector those of its own.
    const isAnywhere = manifest.kind === 'VirtualService';
    for (const { namespace, labels } of statedIn(manifest)) {
      if (labels === undefined || Object.keys(labels).length === 0) continue;
      const place = namespace ?? (isAnywhere ? undefined : own);
      const isKnown = known.some(caller => (place === undefined || caller.namespace === place) && selects(labels, caller.labels ?? {}));
      const caller: Caller = { type: 'sidecar', namespace: place ?? own, labels };
      if (!isKnown) found.set(describeCaller(caller), caller);
    }
  }
  return [...found.values()].sort(byText);
}

/** The labels by which an object selects callers. */
function selectors(manifest: Manifest): Labels[] {
  return statedIn(manifest).flatMap(({ labels }) => (labels ? [labels] : []));
}

function statedIn(manifest: Manifest): readonly StatedCaller[] {
  if (isOfKind(manifest, 'Sidecar')) return [{ labels: manifest.spec?.workloadSelector?.labels ?? {} }];
  if (isOfKind(manifest, 'DestinationRule')) return [{ labels: manifest.spec?.workloadSelector?.matchLabels ?? {} }];
  return isOfKind(manifest, 'VirtualService') ? statedCallers(manifest) : [];
}

function byText(a: Caller, b: Caller): number {
  return describeCaller(a) < describeCaller(b) ? -1 : 1;
}
