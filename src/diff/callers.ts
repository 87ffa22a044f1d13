import { statedCallers } from './stated-callers';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';

/** A kind of proxy whose traffic may differ from that of others. */
export interface Caller {
  readonly type: 'sidecar' | 'gateway';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
}

/** A caller in words. */
export function describeCaller({ type, namespace, labels = {} }: Caller): string {
  const selected = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');
  if (type === 'gateway') return `gateway ${namespace}/${selected}`;
  return selected === '' ? `sidecars in ${namespace}` : `sidecars in ${namespace} with ${selected}`;
}

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod', 'Job', 'CronJob']);
const NAMESPACED_CALLERS = new Set(['Service', 'VirtualService', 'DestinationRule', 'Sidecar', ...WORKLOADS]);

/**
 * The kinds of callers that a set of manifests speaks about: in each namespace the sidecars, told apart only by labels that some object
 * selects by, and each gateway.
 */
export function callersOf(objects: readonly KubernetesObject[], defaultNamespace = 'default'): Caller[] {
  const namespaceOf = ({ metadata: { namespace } }: KubernetesObject) => namespace ?? defaultNamespace;
  const gateways = gatewaysOf(objects, namespaceOf);
  const isGateway = (namespace: string, labels: Labels) => gateways.some(g => g.namespace === namespace && selects(g.labels!, labels));
  const keys = new Set(objects.flatMap(selectors).flatMap(selector => Object.keys(selector)));
  const sidecars = new Map<string, Caller>();
  const add = (namespace: string, labels: Labels) => {
    const telling = Object.fromEntries(Object.entries(labels).filter(([key]) => keys.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)));
    const caller: Caller = { type: 'sidecar', namespace, ...(Object.keys(telling).length > 0 ? { labels: telling } : {}) };
    sidecars.set(`${namespace}/${JSON.stringify(telling)}`, caller);
  };
  const withWorkloads = new Set<string>();
  for (const object of objects.filter(o => WORKLOADS.has(o.kind))) {
    const labels = podLabels(object);
    if (isGateway(namespaceOf(object), labels)) continue;
    withWorkloads.add(namespaceOf(object));
    add(namespaceOf(object), labels);
  }
  for (const object of objects) {
    const namespace = namespaceOf(object);
    if (!NAMESPACED_CALLERS.has(object.kind) || withWorkloads.has(namespace) || gateways.some(g => g.namespace === namespace)) continue;
    add(namespace, {});
    for (const selector of selectors(object)) add(namespace, selector);
  }
  return [...[...sidecars.values()].sort(byText), ...gateways];
}

/** Each gateway where it runs, as far as workloads say; else where Istio's own installation puts it. */
function gatewaysOf(objects: readonly KubernetesObject[], namespaceOf: (o: KubernetesObject) => string): Caller[] {
  const found = new Map<string, Caller>();
  const gateways = objects.filter(o => o.kind === 'Gateway' && o.apiVersion.startsWith('networking.istio.io/'));
  const selected = new Map(gateways.map(({ spec }) => [JSON.stringify(spec?.selector ?? {}), (spec?.selector ?? {}) as Labels]));
  const workloads = objects.filter(o => WORKLOADS.has(o.kind));
  for (const labels of selected.values()) {
    if (Object.keys(labels).length === 0) continue;
    const running = workloads.filter(o => selects(labels, podLabels(o))).map(namespaceOf);
    for (const namespace of running.length > 0 ? running : ['istio-system']) {
      found.set(`${namespace}/${JSON.stringify(labels)}`, { type: 'gateway', namespace, labels });
    }
  }
  return [...found.values()].sort(byText);
}

/** The labels by which an object tells callers apart. */
function selectors(object: KubernetesObject): Labels[] {
  const { kind, spec } = object;
  if (kind === 'Sidecar' || kind === 'DestinationRule') return [spec?.workloadSelector?.labels ?? spec?.workloadSelector?.matchLabels ?? {}];
  return kind === 'VirtualService' ? statedCallers(object).flatMap(({ labels }) => (labels ? [labels] : [])) : [];
}

function podLabels({ kind, metadata, spec }: KubernetesObject): Labels {
  if (kind === 'Pod') return metadata.labels ?? {};
  return (kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template)?.metadata?.labels ?? {};
}

function byText(a: Caller, b: Caller): number {
  return describeCaller(a) < describeCaller(b) ? -1 : 1;
}
