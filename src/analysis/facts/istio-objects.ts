import type { Manifest } from '../../manifest/manifest';

/** Whether Istio itself brings or makes an object. */
export function isIstios({ metadata: { labels = {} } }: Manifest): boolean {
  return labels.istio !== undefined || labels.release === 'istio' || (labels['gateway.istio.io/managed'] ?? '').startsWith('istio.io-');
}
