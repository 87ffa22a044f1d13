import type { App } from 'cdk8s';
import { steps } from '../../examples/coolstore/steps';
import { inputOf } from '../case';
import type { Proxy } from '../istiod/client';

export const webapp: Proxy = { name: 'webapp', type: 'sidecar', namespace: 'istioinaction', labels: { app: 'webapp' } };
export const simpleWeb: Proxy = { name: 'simple-web', type: 'sidecar', namespace: 'istioinaction', labels: { app: 'simple-web' } };
export const gateway: Proxy = {
  name: 'gateway', type: 'gateway', namespace: 'istio-system', labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
};

/** Istio's name for the cluster of a host's port 80. */
export function clusterName(host: string, subset = ''): string {
  return `outbound|80|${subset}|${host}`;
}

export const CATALOG_V1 = clusterName('catalog.istioinaction.svc.cluster.local', 'version-v1');
export const CATALOG_V2 = clusterName('catalog.istioinaction.svc.cluster.local', 'version-v2');
export const SIMPLE_BACKEND = clusterName('simple-backend.istioinaction.svc.cluster.local');

/** The manifests of a step of the walk-through. */
export function manifestsOf(step: string): string {
  const found = steps.find(({ name }) => name === step);
  if (!found) throw new Error(`no step ${step}`);
  return inputOf({ name: step, build: (app: App) => void found.build(app), proxies: [], states: [] });
}

/** The manifests without the documents of a kind. */
export function without(kind: string, manifests: string): string {
  const documents = manifests.split('---\n');
  const kept = documents.filter(document => !document.includes(`\nkind: ${kind}\n`));
  if (kept.length === documents.length) throw new Error(`there is no ${kind} to remove`);
  return kept.join('---\n');
}

/** The manifests with one changed field, as with `kubectl patch` in the walk-through. */
export function patched(manifests: string, field: string, value: number): string {
  const pattern = new RegExp(`^( +${field}: )\\d+$`, 'gm');
  if (manifests.match(pattern)?.length !== 1) throw new Error(`${field} must occur exactly once`);
  return manifests.replace(pattern, `$1${value}`);
}
