import type { ApiObjectProps } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import * as yaml from 'js-yaml';
import type { Case } from '../case';
import type { Proxy } from '../istiod/client';
import { programsOf, run, write } from '../pages';
import { World, egress, gateway, web } from '../world';

/** The called pod of catalog. */
const catalogPod: Proxy = { name: 'catalog', type: 'sidecar', namespace: 'shop', labels: { app: 'catalog', version: 'v1' } };
const orders: Proxy = { name: 'orders', type: 'sidecar', namespace: 'shop', labels: { app: 'orders' } };

interface Page {
  /** The name of the page in `docs`, without the extension. */
  readonly page: string;
  /** The name of a case about a snippet other than the first. */
  readonly about?: string;
  /** The number of the independent snippet on the page. @default 1 */
  readonly snippet?: number;
  /** The Services and workloads that the page mentions. */
  readonly mesh: readonly Part[];
  readonly proxies?: readonly Proxy[];
  readonly meshConfig?: string;
  readonly inbound?: boolean;
}

/** A part of the cluster. */
type Part = (world: World) => void;

const service = (name: string, options: Parameters<World['service']>[1] = {}): Part => world => void world.service(name, options);
const catalog = (...versions: string[]): Part => service('catalog', versions.length > 0 ? { versions } : {});
const ingressGateway: Part = world => world.ingress();
const egressGateway: Part = world => world.egress();
/** The only port of a service. */
const http = (port: number) => [{ name: 'http', port }];

/** The program of the page with the Services that it mentions. `test/patterns` checks what Envoy does with it. */
function caseOf({ page, about, snippet = 1, mesh, proxies = [web], meshConfig, inbound }: Page): Case {
  return {
    name: about === undefined ? `page-${page}` : `page-${page}-${about}`,
    build: app => {
      const world = new World(app);
      for (const part of mesh) part(world);
      run(programsOf(`${page}.md`).filter(({ mode }) => mode === '')[snippet - 1].text, world.traffic);
    },
    proxies,
    meshConfig,
    inbound,
    states: [],
  };
}

type Files = ReadonlyMap<string, string>;

/** A Terraform stack, whose resources apply manifests. */
interface Stack { readonly resource: { readonly kubernetes_manifest: { readonly [name: string]: { readonly manifest: ApiObjectProps } } } }

/** The output of a page's whole program, with the Services. */
function caseOfWritten(
  name: string, page: string, proxies: readonly Proxy[], objectsOf: (files: Files) => readonly ApiObjectProps[],
): Case {
  return {
    name: `page-${name}`,
    build: app => {
      const world = new World(app);
      catalog('v1', 'v2')(world);
      if (proxies.includes(gateway)) world.ingress();
      const program = programsOf(`${page}.md`).find(({ mode }) => mode === 'program')!;
      objectsOf(write(program.text)).forEach((object, i) => new ApiObject(world.traffic, `Written${i}`, object));
    },
    proxies,
    states: [],
  };
}

const environmentOf = (name: string) => caseOfWritten(`environments-${name}`, 'environments', [web, gateway], files => (
  yaml.loadAll(files.get(`${name}/shop.k8s.yaml`)!) as ApiObjectProps[]
));

/** The programs of the pages about patterns. */
export const pages: readonly Case[] = [
  ...([
    { page: 'composition', mesh: [catalog('v1', 'v2', 'v3')] },
    { page: 'canary-release', mesh: [catalog('v1', 'v2')] },
    { page: 'canary-release', about: 'of-one-route', snippet: 2, mesh: [catalog('v1', 'v2')] },
    { page: 'canary-release', about: 'sticky', snippet: 3, mesh: [catalog('v1', 'v2')] },
    { page: 'dark-launch', mesh: [catalog('v1', 'v2')] },
    { page: 'mirroring', mesh: [catalog('v1', 'v2'), service('audit', { ports: http(8080) })] },
    { page: 'requests', mesh: [catalog()] },
    { page: 'redirects', mesh: [catalog('v1', 'v2'), service('legacy', { ports: http(8080) })] },
    { page: 'route-order', mesh: [catalog('v1', 'v2', 'v3')] },
    { page: 'route-order', about: 'of-a-cohort', snippet: 2, mesh: [catalog('v1', 'v2', 'v3')] },
    { page: 'fault-injection', mesh: [catalog()] },
    { page: 'circuit-breaking', mesh: [catalog('v1', 'v2', 'v3')] },
    { page: 'load-balancing', mesh: [catalog('v1', 'v2')] },
    { page: 'load-balancing', about: 'by-cookie', snippet: 2, mesh: [catalog('v1', 'v2')] },
    { page: 'load-balancing', about: 'by-locality', snippet: 3, mesh: [catalog('v1', 'v2')] },
    {
      page: 'client-tls',
      mesh: [service('catalog', { ports: [{ name: 'http', port: 80, targetPort: 3000 }, { name: 'http-tls', port: 8443 }] })],
    },
    { page: 'ingress', mesh: [catalog(), service('web', { ports: http(8080) }), ingressGateway], proxies: [gateway, web] },
    { page: 'delegation', mesh: [catalog(), service('web'), ingressGateway], proxies: [gateway] },
    { page: 'egress', mesh: [catalog(), service('data', { namespace: 'data' }), service('other', { namespace: 'elsewhere' })] },
    { page: 'external-dependencies', mesh: [catalog()] },
    { page: 'external-dependencies', about: 'by-resolution', snippet: 2, mesh: [catalog()] },
    { page: 'egress-gateway', mesh: [catalog(), egressGateway], proxies: [web, egress] },
    { page: 'access', mesh: [catalog()], proxies: [catalogPod], inbound: true },
    { page: 'access', about: 'denied-by-default', snippet: 2, mesh: [catalog()], proxies: [catalogPod], inbound: true },
    {
      page: 'ports',
      mesh: [service('catalog', {
        versions: ['v1', 'v2'],
        ports: [
          { name: 'http', port: 80, targetPort: 3000 },
          { name: 'http-admin', port: 8080 },
          { name: 'tcp', port: 5432 },
          { name: 'tls', port: 8443 },
        ],
      })],
    },
    { page: 'golden-paths', mesh: [catalog(), ingressGateway] },
    {
      page: 'observability',
      mesh: [catalog(), service('web'), service('zipkin', { namespace: 'istio-system', ports: http(9411) })],
      proxies: [web, orders],
      inbound: true,
      meshConfig: 'extensionProviders:\n  - { name: zipkin, zipkin: { service: zipkin.istio-system.svc.cluster.local, port: 9411 } }',
    },
  ] satisfies Page[]).map(caseOf),
  ...['dev', 'staging', 'prod'].map(environmentOf),
  caseOfWritten('terraform', 'terraform', [web], files => {
    const { resource } = JSON.parse(files.get('stacks/shop/cdk.tf.json')!) as Stack;
    return Object.values(resource.kubernetes_manifest).map(({ manifest }) => manifest);
  }),
];
