import { changes, rule, routes, to, VERSIONS, WORLD } from './sides';

const header = (value: string) => routes(`[{ headers: { request: { set: { x-caller: "${value}" } } }, ${to({ v1: 1 })} }]`);
const ring = (size: number) => rule('ring', `{ trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: ${size} } } } } }`);
const outside = (subnets: string) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example.com], addresses: [10.1.0.0/16], ports: [{ number: 5432, name: tls, protocol: TLS }], resolution: NONE }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: db, namespace: shop }
spec:
  hosts: [db.example.com]
  tls:
    - match: [{ port: 5432, sniHosts: [db.example.com]${subnets} }]
      route: [{ destination: { host: db.example.com, port: { number: 5432 } } }]
`;
const refusals = (old: string, now: string) => changes(`${WORLD}${old}`, `${WORLD}${now}`)
  .filter(({ kind }) => kind === 'refused' || kind === 'accepted').map(({ kind, risk, host }) => `${risk} ${host} ${kind}`);

test.each([
  ['a route configuration', `${VERSIONS}${header('a')}`, `${VERSIONS}${header('%NO_SUCH_COMMAND%')}`, 'route configuration 80'],
  ['a cluster', ring(1024), ring(10_000_000), 'cluster outbound|80||catalog.shop.svc.cluster.local'],
  ['a listener', outside(''), outside(', destinationSubnets: [10.1.0.0/16, 10.1.2.3/16]'), 'listener 0.0.0.0_5432'],
])('%s that Envoy refuses on one side alone is a change of high risk', (_, good, bad, resource) => {
  expect(refusals(good, bad)).toEqual([`high ${resource} refused`]);
  expect(refusals(bad, good)).toEqual([`high ${resource} accepted`]);
  expect(refusals(bad, `${bad}${routes('[{ route: [{ destination: { host: orders.shop.svc.cluster.local } }] }]', {
    name: 'orders', hosts: '[orders.shop.svc.cluster.local]',
  })}`)).toEqual([]);
});

test('a new resource that Envoy refuses is reported', () => {
  const [change] = changes(WORLD, `${WORLD}${outside(', destinationSubnets: [10.1.0.0/16, 10.1.2.3/16]')}`)
    .filter(({ kind }) => kind === 'refused');
  expect(change).toMatchObject({
    before: 'none',
    after: 'refused: filterChains[0].filterChainMatch matches 10.1.2.3/16 with db.example.com twice; a proxy keeps the previous one, or has none',
  });
});
