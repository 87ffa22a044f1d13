import { patternOf } from './pattern';

const chaos = { headers: { 'x-chaos': '1' } };

describe('a fault', () => {
  const { manifests, envoys } = patternOf('fault-injection');

  test('stands on every route; one with a condition states each route twice', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - fault:
              abort: { httpStatus: 503, percentage: { value: 100 } }
              delay: { fixedDelay: 2s, percentage: { value: 0.1 } }
            match: [ { headers: { x-chaos: {} }, uri: { prefix: /items } } ]
            name: items.chaos
            rewrite: { uri: /v2/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
          - fault: { delay: { fixedDelay: 2s, percentage: { value: 0.1 } } }
            match: [ { uri: { prefix: /items } } ]
            name: items
            rewrite: { uri: /v2/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
          - fault:
              abort: { httpStatus: 503, percentage: { value: 100 } }
              delay: { fixedDelay: 2s, percentage: { value: 0.1 } }
            match: [ { headers: { x-chaos: {} } } ]
            name: default.chaos
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
          - fault: { delay: { fixedDelay: 2s, percentage: { value: 0.1 } } }
            name: default
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has the faults in the filter configuration of each route; 0.1 % is 1000 of a million', () => {
      const delay = { fixedDelay: '2s', percentage: { numerator: 1000, denominator: 'MILLION' } };
      const abort = { httpStatus: 503, percentage: { numerator: 1_000_000, denominator: 'MILLION' } };
      const faults = web.routes('catalog.shop.svc.cluster.local:80').map(({ name, typedPerFilterConfig }) => {
        const { '@type': _type, ...fault } = typedPerFilterConfig['envoy.filters.http.fault'];
        return [name, fault];
      });
      expect(faults).toEqual([
        ['items.chaos', { delay, abort }], ['items', { delay }], ['default.chaos', { delay, abort }], ['default', { delay }],
      ]);
    });

    test('aborts the requests that ask for chaos, and no others', () => {
      expect(web).toHandle([
        { request: 'http://catalog/items/7', ...chaos, respondsWith: 503 },
        { request: 'http://catalog/', ...chaos, respondsWith: 503 },
        { request: 'http://catalog/items/7', routesTo: 'catalog', rewritesTo: '/v2/items/7' },
        { request: 'http://catalog/', routesTo: 'catalog' },
      ]);
      expect(web.get('http://catalog/', chaos)).toMatchObject({ outcome: 'aborted', flag: 'FI' });
    });

    test('delays one request of a thousand by two seconds', () => {
      expect(web.get('http://catalog/items/7').fault).toMatchObject({ delay: { percent: 0.1, ms: 2000 } });
    });
  });
});
