import { changes, routes, rule, to, VERSIONS, WORLD } from './sides';

const CANARY = routes(`[{ match: [{ headers: { x-cohort: { exact: internal } } }], ${to({ v2: 100 })} }, { ${to({ v1: 90, v2: 10 })} }]`);
const BASE = WORLD + VERSIONS + CANARY;

describe('traffic stays the same', () => {
  test('when nothing changed', () => {
    expect(changes(BASE, BASE)).toEqual([]);
  });

  test('when documents and fields are in another order', () => {
    expect(changes(BASE, [CANARY, VERSIONS, WORLD].join('---\n'))).toEqual([]);
  });

  test('when objects have other names', () => {
    const renamed = WORLD + VERSIONS.replace('name: catalog', 'name: other-rule') + CANARY.replace('name: catalog', 'name: other-service');
    expect(changes(BASE, renamed)).toEqual([]);
  });

  test('when routes have other names', () => {
    expect(changes(BASE, BASE.replace('{ match:', '{ name: internal, match:'))).toEqual([]);
  });

  test('when hosts are written as short names', () => {
    expect(
      changes(
        BASE,
        WORLD
          + VERSIONS.replace('host: catalog.shop.svc.cluster.local', 'host: catalog')
          + CANARY.replace(/catalog\.shop\.svc\.cluster\.local/g, 'catalog'),
      ),
    ).toEqual([]);
  });

  test('when 90 and 10 are written as 900 and 100', () => {
    expect(changes(BASE, BASE.replace('weight: 90', 'weight: 900').replace('weight: 10 ', 'weight: 100 '))).toEqual([]);
  });

  test('when a destination with weight 0 is removed', () => {
    const zero = WORLD + VERSIONS + routes(`[{ ${to({ v1: 100, v3: 0 })} }]`);
    expect(changes(zero, WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`))).toEqual([]);
  });

  test('when routes that share no request are swapped', () => {
    const [a, b, rest] = [
      `{ match: [{ uri: { exact: /a } }], ${to({ v1: 1 })} }`,
      `{ match: [{ uri: { exact: /b } }], ${to({ v2: 1 })} }`,
      `{ ${to({ v3: 1 })} }`,
    ];
    expect(changes(WORLD + VERSIONS + routes(`[${a}, ${b}, ${rest}]`), WORLD + VERSIONS + routes(`[${b}, ${a}, ${rest}]`))).toEqual([]);
  });

  test('when an unreachable route is added or removed', () => {
    const [wide, narrow, rest] = [
      `{ match: [{ uri: { prefix: /a } }], ${to({ v1: 1 })} }`,
      `{ match: [{ uri: { exact: /a/b } }], ${to({ v2: 1 })} }`,
      `{ ${to({ v3: 1 })} }`,
    ];
    expect(changes(WORLD + VERSIONS + routes(`[${wide}, ${rest}]`), WORLD + VERSIONS + routes(`[${wide}, ${narrow}, ${rest}]`))).toEqual(
      [],
    );
  });

  test('when a route is added that does the same as the next one', () => {
    const [narrow, rest] = [`{ match: [{ uri: { exact: /a/b } }], ${to({ v1: 1 })} }`, `{ ${to({ v1: 1 })} }`];
    expect(changes(WORLD + VERSIONS + routes(`[${rest}]`), WORLD + VERSIONS + routes(`[${narrow}, ${rest}]`))).toEqual([]);
  });

  test('when two matches of one route become two routes', () => {
    const [a, b] = ['{ uri: { exact: /a } }', '{ uri: { exact: /b } }'];
    const split = `[{ match: [${a}], ${to({ v1: 1 })} }, { match: [${b}], ${to({ v1: 1 })} }]`;
    expect(changes(WORLD + VERSIONS + routes(`[{ match: [${a}, ${b}], ${to({ v1: 1 })} }]`), WORLD + VERSIONS + routes(split))).toEqual([]);
  });

  test('when the limits of a subset without requests change', () => {
    const unused = VERSIONS.replace(
      'labels: { version: v3 }',
      'labels: { version: v3 }, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } }',
    );
    expect(changes(BASE, WORLD + unused + CANARY)).toEqual([]);
  });

  test('when a Service gets a VirtualService with Istio\'s default behavior', () => {
    const plain = routes('[{ route: [{ destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } }] }]');
    expect(changes(WORLD, WORLD + plain)).toEqual([]);
  });

  test('when a policy is added with Istio\'s defaults', () => {
    expect(changes(WORLD, WORLD + rule('catalog', '{ trafficPolicy: { connectionPool: { tcp: { connectTimeout: 10s } } } }'))).toEqual([]);
  });
});
