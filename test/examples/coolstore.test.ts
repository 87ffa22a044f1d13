import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { steps, synthesizeAll } from '../../examples/coolstore/steps';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';
import { take } from '../requests';

const expected = join(__dirname, '../../examples/coolstore/expected');
const made = mkdtempSync(join(tmpdir(), 'coolstore-'));
beforeAll(() => synthesizeAll(made));
afterAll(() => rmSync(made, { recursive: true, force: true }));

const load = (step: string) => readdirSync(join(made, step)).flatMap(file => yaml.loadAll(readFileSync(join(made, step, file), 'utf8')) as Manifest[]);
const one = (step: string, kind: string, name: string) => {
  const found = load(step).filter(m => m.kind === kind && m.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0].spec;
};
const none = (step: string, kind: string, name?: string) =>
  expect(load(step).filter(m => m.kind === kind && (name === undefined || m.metadata.name === name))).toEqual([]);
const cluster = (route: { destination: { host: string; subset?: string; port: { number: number } } }) =>
  `outbound|${route.destination.port.number}|${route.destination.subset ?? ''}|${route.destination.host}`;
const CATALOG = 'catalog.istioinaction.svc.cluster.local';

describe.each(steps.map(step => step.name))('%s', step => {
  test('is what people reviewed, byte for byte', () => {
    const files = readdirSync(join(made, step)).sort();
    expect(files).toEqual(readdirSync(join(expected, step)).sort());
    for (const file of files) expect(readFileSync(join(made, step, file), 'utf8')).toBe(readFileSync(join(expected, step, file), 'utf8'));
  });

  test('is valid against Istio\'s CRDs', () => {
    expect(load(step).flatMap(crdErrors)).toEqual([]);
  });

  test('is a complete environment: namespace, workloads, the gateway that proxies see', () => {
    const names = load(step).map(m => `${m.kind}/${m.metadata.name}`);
    expect(names).toEqual(expect.arrayContaining([
      'Namespace/istioinaction', 'Service/catalog', 'Deployment/catalog', 'Deployment/catalog-v2', 'Deployment/webapp', 'Deployment/forum', 'Deployment/simple-web',
      'Deployment/simple-backend-1', 'Deployment/simple-backend-2', 'Service/istio-ingressgateway', 'Deployment/istio-ingressgateway', 'Service/zipkin',
    ]));
  });
});

describe('what the document shows', () => {
  test('01: the gateway listens on 80 for catalog.istioinaction.io and leads to all of catalog', () => {
    expect(one('01-ingress', 'Gateway', 'catalog-gateway')).toEqual({
      selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['catalog.istioinaction.io'] }],
    });
    const { http, gateways } = one('01-ingress', 'VirtualService', 'catalog-istioinaction-io');
    expect(gateways).toEqual(['catalog-gateway']);
    expect(http.map((r: { route: never[] }) => r.route.map(cluster))).toEqual([[`outbound|80||${CATALOG}`]]);
    none('01-ingress', 'DestinationRule');
  });

  test('02: catalog has two subsets by version, and the gateway sends everything to version-v1', () => {
    expect(one('02-subsets', 'DestinationRule', 'catalog')).toEqual({
      host: CATALOG, subsets: [{ name: 'version-v1', labels: { version: 'v1' } }, { name: 'version-v2', labels: { version: 'v2' } }],
    });
    const { http } = one('02-subsets', 'VirtualService', 'catalog-istioinaction-io');
    expect(http.flatMap((r: { route: never[] }) => r.route.map(cluster))).toEqual([`outbound|80|version-v1|${CATALOG}`]);
    none('02-subsets', 'VirtualService', 'catalog');
  });

  test('03: the header x-istio-cohort: internal leads to version-v2, at the gateway only', () => {
    const { http } = one('03-dark-launch', 'VirtualService', 'catalog-istioinaction-io');
    const taken = (headers: { [name: string]: string }) => cluster(take(http, { path: '/items', headers })!.route.route[0] as never);
    expect(taken({ 'x-istio-cohort': 'internal' })).toBe(`outbound|80|version-v2|${CATALOG}`);
    expect(taken({ 'x-istio-cohort': 'public' })).toBe(`outbound|80|version-v1|${CATALOG}`);
    expect(taken({})).toBe(`outbound|80|version-v1|${CATALOG}`);
    none('03-dark-launch', 'VirtualService', 'catalog');
  });

  test('04: callers in the mesh reach version-v1, the gateway leads to webapp', () => {
    const { http, gateways } = one('04-mesh-routing', 'VirtualService', 'catalog');
    expect(gateways).toBeUndefined();
    expect(http.flatMap((r: { route: never[] }) => r.route.map(cluster))).toEqual([`outbound|80|version-v1|${CATALOG}`]);
    expect(one('04-mesh-routing', 'VirtualService', 'webapp-istioinaction-io').http[0].route[0].destination.host).toBe('webapp.istioinaction.svc.cluster.local');
    none('04-mesh-routing', 'VirtualService', 'catalog-istioinaction-io');
  });

  test('05: webapp logs its requests by the provider envoy', () => {
    expect(one('05-access-logging', 'Telemetry', 'webapp')).toEqual({ selector: { matchLabels: { app: 'webapp' } }, accessLogging: [{ providers: [{ name: 'envoy' }] }] });
  });

  test('06: 90 of 100 requests reach version-v1, 10 version-v2', () => {
    const { http } = one('06-traffic-shifting', 'VirtualService', 'catalog');
    expect(http[0].route.map((r: never) => [cluster(r), (r as { weight: number }).weight])).toEqual([
      [`outbound|80|version-v1|${CATALOG}`, 90], [`outbound|80|version-v2|${CATALOG}`, 10],
    ]);
  });

  test('07: every request reaches version-v1, and a copy version-v2', () => {
    const { http } = one('07-mirroring', 'VirtualService', 'catalog');
    expect(http).toHaveLength(1);
    expect(http[0].route.map(cluster)).toEqual([`outbound|80|version-v1|${CATALOG}`]);
    expect(cluster({ destination: http[0].mirror })).toBe(`outbound|80|version-v2|${CATALOG}`);
    expect(http[0].mirrorPercentage).toBeUndefined();
  });

  test('08: the whole mesh may call only what the registry knows', () => {
    expect(load('08-egress-lockdown').find(m => m.kind === 'Sidecar')).toMatchObject({
      metadata: { name: 'default', namespace: 'istio-system' }, spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    });
  });

  test('09: the registry knows jsonplaceholder.typicode.com, looked up in the DNS', () => {
    expect(one('09-external-dependency', 'ServiceEntry', 'jsonplaceholder')).toEqual({
      hosts: ['jsonplaceholder.typicode.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS', location: 'MESH_EXTERNAL',
    });
  });

  test('10: every request is traced, by a provider that the mesh config names', () => {
    expect(one('10-tracing', 'Telemetry', 'default').tracing).toEqual([{ providers: [{ name: 'zipkin' }], randomSamplingPercentage: 100 }]);
    const config = yaml.load(readFileSync(join(__dirname, '../../examples/coolstore/mesh-config.yaml'), 'utf8')) as { extensionProviders: { name: string }[] };
    expect(config.extensionProviders.map(p => p.name)).toEqual(['zipkin']);
  });

  test('11: one connection, one request under way and one waiting', () => {
    expect(one('11-circuit-breaker', 'DestinationRule', 'simple-backend')).toEqual({
      host: 'simple-backend.istioinaction.svc.cluster.local',
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1, maxRetries: 1, http2MaxRequests: 1 } },
      },
    });
  });

  test('12: two requests under way and two waiting', () => {
    expect(one('12-circuit-breaker-relaxed', 'DestinationRule', 'simple-backend').trafficPolicy.connectionPool).toEqual({
      tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 2, maxRequestsPerConnection: 1, maxRetries: 1, http2MaxRequests: 2 },
    });
  });

  test('13: an endpoint that answers one 5xx is left alone for five seconds', () => {
    expect(one('13-outlier-detection', 'DestinationRule', 'simple-backend').trafficPolicy.outlierDetection).toEqual({
      consecutive5xxErrors: 1, interval: '5s', baseEjectionTime: '5s', maxEjectionPercent: 100,
    });
  });

  test('20: dark launch, canary, mirror, breaker and timeout are one VirtualService an audience and one DestinationRule', () => {
    for (const name of ['catalog', 'catalog-istioinaction-io']) {
      const { http } = one('20-composed', 'VirtualService', name);
      const internal = take(http, { path: '/items/1', headers: { 'x-istio-cohort': 'internal' } })!.route;
      expect(internal).toMatchObject({ timeout: '2s', route: [{ destination: { subset: 'version-v2' } }] });
      expect(internal.mirror).toBeUndefined();
      const others = take(http, { path: '/items/1' })!.route;
      expect(others).toMatchObject({ timeout: '2s', mirror: { subset: 'version-v2' }, route: [{ weight: 90 }, { weight: 10 }] });
      expect(take(http, { path: '/' })!.route.timeout).toBeUndefined();
    }
    expect(one('20-composed', 'DestinationRule', 'catalog')).toMatchObject({
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } }, outlierDetection: { consecutive5xxErrors: 5 } }, subsets: [{}, {}],
    });
  });
});
