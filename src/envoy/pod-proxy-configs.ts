import type { MeshProxyConfig } from './mesh-config';
import { DECIDED_CONNECTION_SETTINGS, PROXY_CONFIG, proxyConfigOver } from './mesh-config';
import type { Note } from './note';
import type { Proxy } from './proxy';
import { parseYaml } from '../manifest/document';
import { groupBy } from '../manifest/group-by';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { podTemplateOf } from '../manifest/pod-template';
import { freeFields } from '../manifest/shape';

/** The annotation by which a pod changes the ProxyConfig of its own proxy. */
export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';

/** The fields of the annotation that decisions take into account. */
const READ = {
  gatewayTopology: PROXY_CONFIG.gatewayTopology,
  connectionSettings: DECIDED_CONNECTION_SETTINGS,
  proxyHeaders: PROXY_CONFIG.proxyHeaders,
} as const;

/** Whether an annotation states nothing beyond what is read of it. */
export function isProxyConfigRead(text: string): boolean {
  const { values, problems } = parseYaml(text);
  return problems.length === 0 && freeFields(READ, values[0] ?? {}).length === 0;
}

interface AnnotatedPods {
  readonly owner: Manifest;
  readonly labels: { readonly [key: string]: string };
  /** The text of the annotation; undefined for pods without one. */
  readonly text?: string;
}

/**
 * The ProxyConfig of each proxy: that of the mesh, changed by the annotation of the proxy's pod.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig
 */
export class PodProxyConfigs {
  private readonly byNamespace: ReadonlyMap<string, readonly AnnotatedPods[]>;

  constructor(manifests: readonly Manifest[], private readonly ofMesh: MeshProxyConfig) {
    const pods = manifests.flatMap((owner): AnnotatedPods[] => {
      const template = podTemplateOf(owner);
      if (template === undefined) return [];
      return [{ owner, labels: template.metadata?.labels ?? {}, text: template.metadata?.annotations?.[PROXY_CONFIG_ANNOTATION] }];
    });
    const isAnnotated = pods.some(({ text }) => text !== undefined);
    this.byNamespace = isAnnotated ? groupBy(pods, ({ owner }) => owner.metadata.namespace ?? '') : new Map();
  }

  /** The ProxyConfig of a proxy. Notes report annotations that differ between its pods, and of one that is not valid. */
  public of(proxy: Proxy, notes: Note[]): MeshProxyConfig {
    const pods = (this.byNamespace.get(proxy.namespace) ?? []).filter(({ labels }) => selects(proxy.labels ?? {}, labels));
    const annotated = pods.find(({ text }) => text !== undefined);
    if (annotated === undefined) return this.ofMesh;
    const { owner, text = '' } = annotated;
    const other = pods.find(pod => pod.text !== text);
    if (other) {
      const message = `the pods of this proxy differ in the annotation ${PROXY_CONFIG_ANNOTATION}; the mesh's ProxyConfig is used. State more labels`;
      notes.push({ object: owner, message });
      return this.ofMesh;
    }
    const { values, problems } = parseYaml(text);
    const merged = problems.length > 0 ? problems[0].message : proxyConfigOver(this.ofMesh, values[0] ?? {});
    if (typeof merged !== 'string') return merged;
    notes.push({
      object: owner,
      message: `the annotation ${PROXY_CONFIG_ANNOTATION} is not valid, so that Istio injects no proxy: ${merged}`,
    });
    return this.ofMesh;
  }
}
