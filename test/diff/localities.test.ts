import { changes, rule, WORLD } from './sides';

const OUTLIERS = 'outlierDetection: { consecutive5xxErrors: 3 }';
const policy = (fields: string) => WORLD + rule('catalog', `{ trafficPolicy: { ${fields} } }`);
const balanced = (setting: string) => policy(`${OUTLIERS}, loadBalancer: { localityLbSetting: ${setting} }`);

describe('what decides among localities is compared, although EDS delivers it', () => {
  test('outlier detection without localityLbSetting', () => {
    expect(changes(policy(OUTLIERS), balanced('{ enabled: false }'))).toMatchObject([
      { kind: 'load-balancing', before: 'least request, the caller\'s locality first', after: 'least request' },
    ]);
    expect(changes(policy(OUTLIERS), balanced('{ enabled: true }'))).toEqual([]);
    expect(changes(policy(OUTLIERS), policy(OUTLIERS), [{}, { localityLbSetting: { enabled: false } }])).toMatchObject([
      { kind: 'load-balancing', after: 'least request' },
    ]);
  });

  test('localityLbSetting without outlier detection has no effect, unless it distributes requests', () => {
    const setting = (fields: string) => policy(`loadBalancer: { localityLbSetting: ${fields} }`);
    expect(changes(WORLD, setting('{ enabled: false }'))).toEqual([]);
    expect(changes(setting('{ failover: [{ from: a, to: b }] }'), setting('{ failover: [{ from: a, to: c }] }'))).toEqual([]);
    expect(changes(WORLD, setting('{ distribute: [{ from: a, to: { b: 100 } }] }'))).toMatchObject([{ kind: 'load-balancing' }]);
  });

  test.each([
    [
      'the weights of distribute', '{ distribute: [{ from: a/*, to: { b/*: 100 } }] }', '{ distribute: [{ from: a/*, to: { b/*: 50, c/*: 50 } }] }',
      'least request, by the weights of localities, from a/* 50 % to b/* and 50 % to c/*',
    ],
    [
      'the targets of failover', '{ failover: [{ from: a, to: b }] }', '{ failover: [{ from: a, to: c }] }',
      'least request, by the weights of localities, the caller\'s locality first, failover from a to c',
    ],
    [
      'the labels of failoverPriority', '{ failoverPriority: [a] }', '{ failoverPriority: [a, b] }',
      'least request, by the weights of localities, endpoints with the caller\'s a, b first',
    ],
  ])('%s', (_, old, now, after) => {
    expect(changes(balanced(old), balanced(now))).toMatchObject([{ kind: 'load-balancing', after }]);
    expect(changes(balanced(now), balanced(now))).toEqual([]);
  });

  test('a setting that moves from the subset to the whole host is the same', () => {
    const setting = 'loadBalancer: { localityLbSetting: { enabled: false } }';
    const subsets = (fields: string) => `subsets: [{ name: v1, labels: { version: v1 }${fields} }]`;
    const routed = `${WORLD}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: v1 } }] }] }
`;
    const before = routed + rule('catalog', `{ ${subsets(`, trafficPolicy: { ${OUTLIERS}, ${setting} }`)} }`);
    expect(changes(before, routed + rule('catalog', `{ trafficPolicy: { ${OUTLIERS}, ${setting} }, ${subsets('')} }`))).toEqual([]);
    expect(changes(before, routed + rule('catalog', `{ ${subsets(`, trafficPolicy: { ${OUTLIERS} }`)} }`))).toMatchObject([
      { kind: 'load-balancing', destination: 'v1 of catalog.shop:80' },
    ]);
  });

  test('outlier detection that starts is one change', () => {
    expect(changes(WORLD, policy(OUTLIERS))).toMatchObject([{ kind: 'outlier-detection' }]);
  });

  test('zone-aware balancing', () => {
    const zones = (fields: string) => policy(`${OUTLIERS}, loadBalancer: { zoneAwareLbSetting: { enabled: true${fields} } }`);
    expect(changes(zones(''), zones(', failoverPriority: [a]'))).toMatchObject([
      { kind: 'load-balancing', after: 'least request, the caller\'s zone first, endpoints with the caller\'s a first' },
    ]);
  });
});
