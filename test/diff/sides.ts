import type { TrafficChange } from '../../src/diff/change';
import { diffTraffic, callersOfBoth } from '../../src/diff/traffic-diff';
import type { Side } from '../../src/diff/traffic-diff';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';

/** Catalog with three versions, and a webapp that calls it. */
export const WORLD = `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: webapp, namespace: shop }
spec: { selector: { matchLabels: { app: webapp } }, template: { metadata: { labels: { app: webapp } }, spec: { containers: [] } } }
`;

/** A DestinationRule with the versions v1, v2 and v3. */
export const VERSIONS = rule(
  'catalog',
  '{ subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }, { name: v3, labels: { version: v3 } }] }',
);

export function rule(name: string, spec: string, host = 'catalog.shop.svc.cluster.local'): string {
  return `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: shop }
spec: ${spec.replace('{', `{ host: ${host},`)}
`;
}

/** A VirtualService of catalog with these HTTP routes, in YAML flow style. */
export function routes(http: string, options: { name?: string; hosts?: string; gateways?: string } = {}): string {
  const { name = 'catalog', hosts = '[catalog.shop.svc.cluster.local]', gateways = '[mesh]' } = options;
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec: { hosts: ${hosts}, gateways: ${gateways}, http: ${http} }
`;
}

/** A route to versions with weights: `{ v1: 90, v2: 10 }`. */
export function to(weights: { readonly [subset: string]: number }, host = 'catalog.shop.svc.cluster.local'): string {
  const destinations = Object.entries(weights).map(
    ([subset, weight]) => `{ destination: { host: ${host}, subset: ${subset}, port: { number: 80 } }, weight: ${weight} }`,
  );
  return `route: [${destinations.join(', ')}]`;
}

export function side(text: string, meshConfig?: MeshConfigFields): Side {
  const { objects, problems } = parseManifests(text);
  if (problems.length > 0) throw new Error(`a fixture is broken: ${problems[0].message}`);
  return sideOf(objects, meshConfig);
}

export function sideOf(objects: readonly KubernetesObject[], meshConfig?: MeshConfigFields): Side {
  return { objects, meshConfig, translator: new Translator(objects, { meshConfig }) };
}

/** What changes for traffic between two sets of manifests. */
export function changes(old: string, now: string, meshConfigs: readonly [MeshConfigFields?, MeshConfigFields?] = []): TrafficChange[] {
  const [before, after] = [side(old, meshConfigs[0]), side(now, meshConfigs[1])];
  return diffTraffic(before, after, callersOfBoth(before, after));
}
