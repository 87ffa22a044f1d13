import type { KubernetesObject } from '../manifest/kubernetes-object';

/** Objects that Istio itself brings or makes. */
export function isIstios({ metadata: { labels = {} } }: KubernetesObject): boolean {
  return labels.istio !== undefined || labels.release === 'istio' || (labels['gateway.istio.io/managed'] ?? '').startsWith('istio.io-');
}
