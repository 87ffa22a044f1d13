import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changes } from './sides';
import { CallerWords } from '../../src/diff/caller-words';
import type { Caller } from '../../src/diff/callers';
import { clusterSettings } from '../../src/diff/cluster-settings';
import { fieldWords } from '../../src/diff/field-words';
import { treatmentOf } from '../../src/diff/route-treatment';
import type { ProxyConfig } from '../../src/envoy/proxy-config';
import { stableJson } from '../../src/manifest/stable-json';

const GOLDENS = join(__dirname, '../../conformance/goldens');

describe('callers in words', () => {
  const sidecar = (namespace: string, labels?: { [name: string]: string }): Caller => ({
    type: 'sidecar',
    namespace,
    ...(labels ? { labels } : {}),
  });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(app => sidecar('shop', { app }));
  const gateway: Caller = { type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } };
  const words = new CallerWords([a, b, c, d, sidecar('bank'), gateway]);

  test.each<[string, Caller[], string]>([
    ['every sidecar of a namespace', [a, b, c, d], 'all sidecars of namespace shop'],
    ['all but one', [a, b, c], 'all sidecars of namespace shop except app=d'],
    ['some', [a, b], 'sidecars of namespace shop with app=a or app=b'],
    ['one', [a], 'sidecars of namespace shop with app=a'],
    ['every sidecar of two namespaces', [a, b, c, d, sidecar('bank')], 'all sidecars of namespaces shop and bank'],
    ['a gateway beside sidecars', [sidecar('bank'), gateway], 'all sidecars of namespace bank, gateway istio-system/istio=ingressgateway'],
  ])('%s', (_, callers, text) => expect(words.describe(callers)).toBe(text));

  test('workloads that share a label are named by it', () => {
    const pods = ['a', 'b', 'c'].flatMap(app => ['v1', 'v2'].map(version => sidecar('shop', { app, version })));
    const second = pods.filter(({ labels }) => labels?.version === 'v2');
    expect(new CallerWords(pods).describe(second)).toBe('sidecars of namespace shop with version=v2');
  });

  test('a workload whose labels another one includes is identified by what it lacks', () => {
    const pods = [
      sidecar('shop', { app: 'a' }),
      sidecar('shop', { app: 'a', version: 'v2' }),
      sidecar('shop', { app: 'b' }),
      sidecar('shop'),
    ];
    expect(new CallerWords(pods).describe([pods[0]])).toBe('sidecars of namespace shop with app=a without version');
    expect(new CallerWords(pods).describe([pods[3]])).toBe('sidecars of namespace shop with no app or version');
  });

  test('a mesh in which all namespaces except one are affected', () => {
    const all = Array.from({ length: 30 }, (_, i) => sidecar(`team-${i}`));
    expect(new CallerWords(all).describe(all)).toBe('all sidecars');
    expect(new CallerWords(all).describe(all.slice(1))).toBe('all sidecars except those of namespace team-0');
    expect(new CallerWords(all).describe(all.slice(0, 10))).toBe(
      'all sidecars of namespaces team-0, team-1, team-2, team-3, team-4 and 5 more',
    );
  });
});

describe('the effects of routes and clusters, in words', () => {
  const configs = readdirSync(GOLDENS).flatMap(name => (
    Object.values<ProxyConfig>(JSON.parse(readFileSync(join(GOLDENS, name, 'answer.json'), 'utf8')))));
  const clusters = configs.flatMap(config => config.clusters);
  const routes = configs.flatMap(config =>
    config.routes.flatMap(({ virtualHosts = [] }) => virtualHosts.flatMap(host => host.routes ?? [])),
  );

  test('no configuration of istiod is shown as JSON', () => {
    const texts = [
      ...clusters.flatMap(cluster => Object.values(clusterSettings(cluster))),
      ...routes.flatMap(route => Object.values(treatmentOf(route, () => true).aspects)),
    ];
    expect(texts.filter(text => /[{[]"/.test(text ?? ''))).toEqual([]);
  });

  test('clusters with different effects have different words', () => {
    const { typedExtensionProtocolOptions: _, ...plain } = clusters.find(({ circuitBreakers, type }) => circuitBreakers && type === 'EDS')!;
    const variants: object[] = [
      {}, { connectTimeout: '3s' }, { outlierDetection: { consecutive5xx: 3 } }, {
        outlierDetection: { consecutive5xx: 3, interval: '1s' },
      },
      { lbPolicy: 'RANDOM' }, { lbPolicy: 'RING_HASH' }, { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '8' } },
      { lbPolicy: 'RANDOM', commonLbConfig: { healthyPanicThreshold: { value: 7 } } }, { lbPolicy: 'RANDOM', commonLbConfig: {} },
      {
        type: 'STATIC',
        loadAssignment: {
          endpoints: [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: '10.0.0.1', portValue: 80 } } } }] }],
        },
      },
      { type: 'STATIC', loadAssignment: { endpoints: [{ lbEndpoints: [{ endpoint: { address: { pipe: { path: '/a' } } } }] }] } },
      { maxRequestsPerConnection: 3 }, { dnsLookupFamily: 'V6_ONLY' },
    ];
    const words = variants.map(change => stableJson(clusterSettings({ ...plain, ...change } as never)));
    expect(new Set(words).size).toBe(variants.length);
  });

  test.each<[string, object, string]>([
    ['a number', { maxConnections: 3 }, 'max connections 3'],
    ['a switch', { autoSni: true, respectDnsTtl: false }, 'auto sni, no respect dns ttl'],
    ['a percentage in a message of its own', { minWeightPercent: { value: 10 } }, 'min weight percent 10'],
    ['a message within a message', { a: { oneField: 1, b: [{ c: 'x' }, { c: 'y z' }] } }, 'a (b (c x; c "y z"), one field 1)'],
  ])('%s', (_, fields, text) => expect(fieldWords(fields)).toBe(text));
});

describe('what a proxy does to connections of TCP', () => {
  const service =
    '{ apiVersion: v1, kind: Service, metadata: { name: db, namespace: shop }, spec: { clusterIP: 10.0.0.5, selector: { app: db }, ports: [{ name: tcp, port: 5432 }] } }';
  const rule = (trafficPolicy: string) => `${service}\n---\n{ apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: db, namespace: shop }, `
    + `spec: { host: db, trafficPolicy: ${trafficPolicy} } }`;

  test.each([
    ['{ connectionPool: { tcp: { idleTimeout: 30s } } }', 'idle timeout 30s'],
    ['{ tunnel: { targetHost: proxy.example.com, targetPort: 3128 } }', 'in a tunnel by CONNECT to proxy.example.com:3128'],
    ['{ loadBalancer: { consistentHash: { useSourceIp: true } } }', 'the endpoint by the address of the caller'],
  ])('a change of %s is told', (policy, after) => {
    expect(changes(service, rule(policy))).toContainEqual(expect.objectContaining({ kind: 'connection-treatment', before: 'none', after }));
  });
});
