import { ApiObject, Chart } from 'cdk8s';
import type { Case } from '../case';
import { stranger, web } from '../world';

export interface Manifest { readonly apiVersion: string; readonly kind: string; readonly metadata: object; readonly spec: object }

/** A case of plain manifests, with the sidecars of two namespaces. */
export function plainMesh(name: string, manifests: readonly Manifest[], options: Partial<Omit<Case, 'name' | 'build'>> = {}): Case {
  return {
    name,
    build: app => {
      const chart = new Chart(app, 'mesh');
      for (const [i, manifest] of manifests.entries()) new ApiObject(chart, String(i), manifest);
    },
    proxies: [web, stranger],
    states: [],
    ...options,
  };
}

export const at = (second: number) => ({ creationTimestamp: `2025-01-01T00:00:0${second}Z` });
export const networking = (kind: string) => (name: string, spec: object, metadata: object = {}): Manifest => (
  { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
export const [entry, rule, sidecar] = [networking('ServiceEntry'), networking('DestinationRule'), networking('Sidecar')];
export const service = (name: string, spec: object = {}, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: {
    selector: { app: name },
    ports: [{ name: 'http', port: 80 }],
    ...spec,
  },
});
export const deployment = (name: string, version: string, labels: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${name}-${version}`, namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name, version } },
    template: { metadata: { labels: { app: name, version, ...labels } }, spec: { containers: [{ name: 'app', image: 'app' }] } },
  },
});
