import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { steps, synthesizeAll } from '../../examples/coolstore/steps';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';
import { Mesh } from 'cdk8s-istio/jest';

const expected = join(__dirname, '../../examples/coolstore/expected');
const made = mkdtempSync(join(tmpdir(), 'coolstore-'));
beforeAll(() => synthesizeAll(made));
afterAll(() => rmSync(made, { recursive: true, force: true }));

const objectsOf = (step: string) =>
  readdirSync(join(made, step)).flatMap(file => yaml.loadAll(readFileSync(join(made, step, file), 'utf8')) as Manifest[]);
describe.each(steps.map(step => step.name))('%s', step => {
  test('is what people reviewed, byte for byte', () => {
    const files = readdirSync(join(made, step)).sort();
    expect(files).toEqual(readdirSync(join(expected, step)).sort());
    for (const file of files) expect(readFileSync(join(made, step, file), 'utf8')).toBe(readFileSync(join(expected, step, file), 'utf8'));
  });

  test('is valid against Istio\'s CRDs', () => {
    expect(objectsOf(step).flatMap(crdErrors)).toEqual([]);
  });

  test('is a complete environment: namespace, workloads, the gateway that proxies see', () => {
    const names = objectsOf(step).map(m => `${m.kind}/${m.metadata.name}`);
    expect(names).toEqual(expect.arrayContaining([
      'Namespace/istioinaction', 'Service/catalog', 'Deployment/catalog', 'Deployment/catalog-v2', 'Deployment/webapp', 'Deployment/forum',
      'Deployment/simple-web',
      'Deployment/simple-backend-1', 'Deployment/simple-backend-2', 'Service/istio-ingressgateway', 'Deployment/istio-ingressgateway',
      'Service/zipkin',
    ]));
  });
});

/** The proxies of a step, from the files as applied. */
function proxies(step: string) {
  const meshConfig = yaml.load(readFileSync(join(__dirname, '../../examples/coolstore/mesh-config.yaml'), 'utf8')) as {
    [field: string]: unknown;
  };
  const mesh = Mesh.fromFiles(join(made, step), { meshConfig });
  const pod = (app: string) => mesh.sidecar({ namespace: 'istioinaction', labels: { app } });
  const gateway = mesh.gateway({ labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' } });
  return { gateway, webapp: pod('webapp'), forum: pod('forum'), simpleWeb: pod('simple-web') };
}

const internal = { headers: { 'x-istio-cohort': 'internal' } };

describe('what the walk-through shows', () => {
  test('01: the gateway routes catalog.istioinaction.io to all of catalog, and knows no other host', () => {
    const { gateway } = proxies('01-ingress');
    const decision = gateway.get('http://catalog.istioinaction.io/items');
    expect(decision).toRouteTo('catalog.istioinaction');
    expect(decision.split.map(({ subset }) => subset)).toEqual([undefined]);
    expect(gateway.get('http://webapp.istioinaction.io/')).toRespondWith(404);
  });

  test('02: the gateway sends everything to version-v1, callers in the mesh still reach all of catalog', () => {
    const { gateway, webapp } = proxies('02-subsets');
    expect(gateway.get('http://catalog.istioinaction.io/items', internal)).toRouteTo('catalog', 'version-v1');
    expect(webapp.get('http://catalog/items')).not.toRouteTo('catalog', 'version-v1');
    expect(webapp.get('http://catalog/items')).toRouteTo('catalog');
  });

  test('03: requests with the header x-istio-cohort: internal go to version-v2, only at the gateway', () => {
    const { gateway, webapp } = proxies('03-dark-launch');
    expect(gateway).toHandle([
      { request: 'http://catalog.istioinaction.io/items', ...internal, routesTo: 'catalog/version-v2' },
      { request: 'http://catalog.istioinaction.io/items', headers: { 'x-istio-cohort': 'public' }, routesTo: 'catalog/version-v1' },
      { request: 'http://catalog.istioinaction.io/items', routesTo: 'catalog/version-v1' },
    ]);
    expect(webapp.get('http://catalog/items', internal)).not.toRouteTo('catalog', 'version-v2');
  });

  test('04: callers in the mesh reach version-v1, and the gateway routes to webapp', () => {
    const { gateway, webapp, forum } = proxies('04-mesh-routing');
    expect(webapp.get('http://catalog/items')).toRouteTo('catalog', 'version-v1');
    expect(forum.get('http://catalog.istioinaction:80/items')).toRouteTo('catalog', 'version-v1');
    expect(gateway.get('http://webapp.istioinaction.io/')).toRouteTo('webapp');
    expect(gateway.get('http://catalog.istioinaction.io/items')).toRespondWith(404);
  });

  test('05: webapp logs its requests with the provider envoy', () => {
    const logs = ({ config }: { config: { listeners: readonly object[] } }) =>
      JSON.stringify(config.listeners).includes('"path":"/dev/stdout"');
    const { webapp, forum } = proxies('05-access-logging');
    expect([logs(webapp), logs(forum)]).toEqual([true, false]);
  });

  test('06: 90 of 100 requests reach version-v1, 10 version-v2', () => {
    expect(proxies('06-traffic-shifting').webapp.get('http://catalog/items')).toSplitTraffic({ 'version-v1': 90, 'version-v2': 10 });
  });

  test('07: every request reaches version-v1, and a copy version-v2', () => {
    const decision = proxies('07-mirroring').webapp.get('http://catalog/items');
    expect(decision).toRouteTo('catalog', 'version-v1');
    expect(decision).toMirrorTo('catalog', 'version-v2', 100);
  });

  test('08: the whole mesh may call only hosts in the registry', () => {
    const { webapp, forum, gateway } = proxies('08-egress-lockdown');
    for (const proxy of [webapp, forum]) {
      expect(proxy.get('http://jsonplaceholder.typicode.com/users')).toBeBlocked();
      expect(proxy.get('https://jsonplaceholder.typicode.com/users')).toBeBlocked();
      expect(proxy.get('http://catalog/items')).toRouteTo('catalog');
    }
    expect(gateway.get('http://webapp.istioinaction.io/')).toRouteTo('webapp');
    expect(proxies('07-mirroring').forum.get('http://jsonplaceholder.typicode.com/users')).not.toBeBlocked();
  });

  test('09: the registry knows jsonplaceholder.typicode.com, and nothing else has opened', () => {
    const { forum } = proxies('09-external-dependency');
    expect(forum.get('http://jsonplaceholder.typicode.com/users')).toRouteTo('jsonplaceholder.typicode.com');
    expect(forum.get('http://example.com/')).toBeBlocked();
  });

  test('10: every request is traced, by a provider in MeshConfig', () => {
    const sampling = ({ config }: { config: { listeners: readonly object[] } }) =>
      JSON.stringify(config.listeners).match(/"randomSampling":\{"value":(\d+)/)?.[1];
    const { webapp, gateway } = proxies('10-tracing');
    expect([sampling(webapp), sampling(gateway)]).toEqual(['100', '100']);
  });

  /** The load of the walk-through: each caller sends one request per second for 30 s, to three pods that take 1 s. */
  const load = (step: string, callers: number) => proxies(step).simpleWeb.load('http://simple-backend/', {
    callers, rate: callers, seconds: 30, jitter: true, warmUp: true, endpoints: { 'simple-backend': { latencyMs: 1000 } },
  });

  test('11: one connection, one active and one pending request are enough for one caller, but not for two', () => {
    expect(load('11-circuit-breaker', 1)).not.toOverflow();
    expect(load('11-circuit-breaker', 2)).toOverflow({ atLeast: 35, atMost: 55 });
  });

  test('12: two active and two pending requests are enough for two callers', () => {
    expect(load('12-circuit-breaker-relaxed', 2)).not.toOverflow();
  });

  test('13: an endpoint that returns one 5xx is ejected, longer each time', () => {
    const endpoints = { 'simple-backend': [{ errorRate: 0.75, errorStatus: 500 }, {}, {}] };
    const errors = (step: string) =>
      proxies(step).simpleWeb.load('http://simple-backend/', { callers: 2, rate: 20, count: 1000, jitter: true, endpoints });
    const [without, detected] = [errors('12-circuit-breaker-relaxed'), errors('13-outlier-detection')];
    expect(without.counts.ejections).toBe(0);
    expect(without.failedPercent).toBeGreaterThan(20);
    expect(detected.counts.ejections).toBeGreaterThan(1);
    expect(detected.failedPercent).toBeLessThan(without.failedPercent / 2);
  });

  test('20: dark launch, canary, mirror, circuit breaker and timeout work together, for callers in the mesh and at the gateway', () => {
    const { gateway, webapp } = proxies('20-composed');
    for (const [proxy, host] of [[webapp, 'catalog'], [gateway, 'catalog.istioinaction.io']] as const) {
      const cohort = proxy.get(`http://${host}/items/1`, internal);
      expect(cohort).toRouteTo('catalog', 'version-v2');
      expect(cohort).toTimeOutAfter('2s');
      expect(cohort.mirrors).toEqual([]);
      const others = proxy.get(`http://${host}/items/1`);
      expect(others).toSplitTraffic({ 'version-v1': 90, 'version-v2': 10 });
      expect(others).toMirrorTo('catalog', 'version-v2');
      expect(others).toTimeOutAfter('2s');
      expect(proxy.get(`http://${host}/`)).not.toTimeOutAfter('2s');
      expect(proxy.get(`http://${host}/`, internal)).toRouteTo('catalog', 'version-v2');
    }
    const many = (callers: number) => ({ callers, count: 300, endpoints: { catalog: { latencyMs: 50 } } });
    expect(webapp.load('http://catalog/items/1', many(10))).not.toOverflow();
    expect(webapp.load('http://catalog/items/1', many(150))).toOverflow();
  });

  test('21: the gateway may call webapp, webapp may read catalog, and all other calls are denied', () => {
    const { gateway, webapp, forum, simpleWeb } = proxies('21-access');
    expect(gateway.get('http://webapp.istioinaction.io/')).toBeAllowed();
    expect(webapp.get('http://catalog/items')).toBeAllowed();
    expect(webapp.request('POST', 'http://catalog/items')).toBeDenied();
    expect(webapp.as({ serviceAccount: 'forum' }).get('http://catalog/items')).toBeDenied();
    for (const url of ['http://catalog/items', 'http://webapp/', 'http://simple-backend/']) expect(forum.get(url)).toBeDenied();
    expect(webapp.get('http://forum/')).toBeDenied();
    expect(simpleWeb.get('http://simple-backend/')).toBeDenied();
    expect(webapp.plaintext().get('http://catalog/items').outcome).toBe('reset');
    expect(proxies('04-mesh-routing').forum.get('http://catalog/items')).toBeAllowed();
  });
});
