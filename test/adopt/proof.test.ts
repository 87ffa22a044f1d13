import { rmSync } from 'node:fs';
import { adopted, istio, root, services, VERSIONS } from './adopted';

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What one service becomes: the classes of its constructs, the reasons of its plain objects, and what refuted other forms. */
function liftOf(yaml: string) {
  const { units: [{ lifted: { file, kept }, refuted }], differences } = adopted(yaml);
  const classes = file.statements.flatMap(each => ('creates' in each ? [each.creates] : []));
  return { differences, classes, plain: kept.map(({ reason }) => reason), refuted };
}

const RULE = istio('DestinationRule', 'cart', `{ host: cart, ${VERSIONS} }`);
const cart = (http: string, port = 80) => services(['cart', port]) + RULE + istio('VirtualService', 'cart', `{ hosts: [cart], http: [${http}] }`);
const to = (subset: string) => `route: [{ destination: { host: cart, subset: ${subset} } }]`;

describe('intents', () => {
  test('two subsets with weights are a canary release; the smaller weight is the canary', () => {
    expect(liftOf(cart('{ route: [{ destination: { host: cart, subset: v1 }, weight: 80 }, { destination: { host: cart, subset: v2 }, weight: 20 }] }')))
      .toEqual({ differences: [], classes: ['MeshService', 'CanaryRelease'], plain: [], refuted: [] });
  });

  test('a header route to a subset is a dark launch', () => {
    expect(liftOf(cart(`{ match: [{ headers: { x-a: { exact: '1' } } }], ${to('v2')} }, { ${to('v1')} }`)))
      .toEqual({ differences: [], classes: ['MeshService', 'DarkLaunch'], plain: [], refuted: [] });
  });

  test('faults of some requests to the same versions are a FaultInjection with matches', () => {
    expect(liftOf(cart(`{ match: [{ headers: { x-a: { exact: '1' } } }], ${to('v1')}, fault: { abort: { httpStatus: 500, percentage: { value: 100 } } } },
      { ${to('v1')} }`))).toMatchObject({ differences: [], classes: ['MeshService', 'FaultInjection'], plain: [] });
  });

  test('timeout and mirror of the only rule are policies of the service', () => {
    expect(liftOf(cart(`{ ${to('v1')}, timeout: 2s, retries: { attempts: 0 }, mirror: { host: cart, subset: v2 } }`)))
      .toMatchObject({ differences: [], classes: ['MeshService', 'RequestPolicy', 'MirroredService'], plain: [] });
  });
});

describe('a form that would change traffic is refuted', () => {
  test('a dark launch would also apply within a route for a path, so both become TrafficRoutes', () => {
    const lift = liftOf(cart(`{ match: [{ uri: { prefix: /items } }], ${to('v1')}, rewrite: { uri: /v1 } },
      { match: [{ headers: { x-a: { exact: '1' } } }], ${to('v2')} }, { ${to('v1')} }`));
    expect(lift).toMatchObject({ differences: [], classes: ['MeshService', 'TrafficRoute', 'TrafficRoute'], plain: [] });
    expect(lift.refuted[0]).toContain('/items with x-a: 1 would change');
  });

  test('a policy of one port does not inherit the TLS of the service in Istio, so the DestinationRule stays plain', () => {
    const rule = istio('DestinationRule', 'cart', `{ host: cart, trafficPolicy: { tls: { mode: ISTIO_MUTUAL },
      portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: RANDOM } }] } }`);
    const { differences, classes, plain } = liftOf(services(['cart', 80]) + rule);
    expect([differences, classes]).toEqual([[], ['ApiObject']]);
    expect(plain[0]).toContain('mutual where the endpoint has it would be mutual with the certificate of the workload');
  });

  test('with another service on port 80, routes of port 8080 reach port 80 only without conditions on the port', () => {
    const { differences, classes, plain, refuted } = liftOf(cart(`{ ${to('v1')} }`, 8080) + services(['catalog', 80]));
    expect([differences, classes, plain]).toEqual([[], ['MeshService'], []]);
    expect(refuted[0]).toContain('cart.shop.svc.cluster.local:80 would change');
  });
});

describe('what no construct says stays a plain object, with the reason', () => {
  test.each([
    ['a missing subset', services(['cart', 80]) + istio('VirtualService', 'cart', `{ hosts: [cart], http: [{ ${to('v1')} }] }`),
      'no DestinationRule of the input defines the subset \'v1\''],
    ['two VirtualServices', cart(`{ ${to('v1')} }`) + istio('VirtualService', 'cart-2', `{ hosts: [cart], http: [{ ${to('v2')} }] }`),
      '2 VirtualServices have this host, and constructs write one'],
    ['several hosts', services(['cart', 80]) + RULE + istio('VirtualService', 'cart', `{ hosts: [cart, other], http: [{ ${to('v1')} }] }`),
      'the VirtualService has 2 hosts, and constructs write one'],
    ['an undeclared protocol', cart(`{ ${to('v1')} }`).replace('name: http,', 'name: web,'),
      'port 80 of the Service cart declares no protocol, and constructs need one'],
    ['a delegate', cart('{ match: [{ uri: { prefix: /a } }], delegate: { name: x } }, { route: [{ destination: { host: cart } }] }'),
      'no construct is written for http.delegate'],
    ['a value that constructs refuse', cart(`{ ${to('v1')}, timeout: 0s }`), 'timeout is 0, which Istio rejects'],
  ])('%s', (_, yaml, reason) => {
    const { differences, plain } = liftOf(yaml);
    expect(differences).toEqual([]);
    expect(plain.join()).toContain(reason);
  });
});

test('rules after one that takes every request are left out, and a note says so', () => {
  const { units: [{ lifted: { notes } }], differences } = adopted(cart(`{ ${to('v1')} }, { ${to('v2')} }`));
  expect([differences, notes]).toEqual([[], ['the rules after number 1 are left out, because it takes every request']]);
});

test('what a cluster writes into an object is left out of a plain object', () => {
  const { units } = adopted(istio('VirtualService', 'a', '{ hosts: [a.example.com], http: [] }',
    ', uid: x, resourceVersion: "7", generation: 3, creationTimestamp: "2026-01-01T00:00:00Z", annotations: { kubectl.kubernetes.io/last-applied-configuration: x, a: b }'));
  expect(JSON.stringify(units[0].lifted.file.statements)).not.toMatch(/uid|resourceVersion|generation|creationTimestamp|last-applied/);
  expect(JSON.stringify(units[0].lifted.file.statements)).toContain('"a":"b"');
});
