import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { adopted, istio, root, services, VERSIONS } from './adopted';
import { printChart } from '../../src/adopt/print-chart';
import { printMain } from '../../src/adopt/print-main';
import { ROOT } from '../cli/command-line';

afterAll(() => rmSync(root, { recursive: true, force: true }));

const GATEWAY = istio('Gateway', 'front', `{ selector: { istio: ingressgateway }, servers: [
  { port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'], tls: { httpsRedirect: true } },
  { port: { number: 443, name: https, protocol: HTTPS }, hosts: ['*'], tls: { mode: SIMPLE, credentialName: cert } }] }`);
const RULE = istio('DestinationRule', 'web', `{ host: web, ${VERSIONS} }`);
const host = (name: string, http: string, more = '') => (
  istio('VirtualService', name, `{ hosts: ['${name === 'every' ? '*' : `${name}.example.com`}'], gateways: [front], http: [${http}] ${more}}`));

/** The classes of each file, the reasons of plain objects, and the text of the gateway's file. */
function liftOf(yaml: string) {
  const { units, differences } = adopted(yaml);
  const files = units.map(({ lifted: { file } }) => file);
  return {
    differences,
    classes: Object.fromEntries(files.map(({ name, statements }) => [
      name, [...new Set(statements.flatMap(each => ('creates' in each ? [each.creates] : [])))],
    ])),
    plain: units.flatMap(({ lifted: { kept } }) => kept.map(({ reason }) => reason)),
    text: printChart(files[files.length - 1]),
    main: printMain(files),
  };
}

test('a host that leads to a service is an exposure, and the gateway takes the service of its file', () => {
  const { differences, classes, plain, text, main } = liftOf(services(['web', 80]) + GATEWAY + host('shop', '{ route: [{ destination: { host: web } }] }'));
  expect([differences, plain]).toEqual([[], []]);
  expect(classes).toEqual({ front: ['IngressGateway', 'PublicHost'], web: ['MeshService'] });
  expect(text).toContain('constructor(scope: Construct, web: MeshService) {');
  expect(text).toContain('hosts: [\'*\'],');
  expect(text).toContain('listeners: [Listener.http(80, { httpsRedirect: true }), Listener.https(443, { credentialName: \'cert\' })],');
  expect(text).toContain('web.exposeVia(shopHost);');
  expect(main).toContain('const webTraffic = new WebTraffic(app);\nnew FrontTraffic(app, webTraffic.web);\n');
});

test('routes in the mesh and at a host that differ are limited to their audiences', () => {
  const mesh = istio('VirtualService', 'web', '{ hosts: [web], http: [{ route: [{ destination: { host: web, subset: v1 } }] }] }');
  const { differences, classes, plain, text } = liftOf(services(['web', 80]) + RULE + mesh + GATEWAY + host('shop',
    '{ match: [{ headers: { x-a: { exact: b } } }], route: [{ destination: { host: web, subset: v1 } }] }, { route: [{ destination: { host: web, subset: v2 } }] }'));
  expect([differences, plain]).toEqual([[], []]);
  expect(classes).toEqual({ web: ['MeshService'], front: ['IngressGateway', 'PublicHost', 'DarkLaunch'] });
  expect(text).toContain('audiences: [Audience.publicHost(shopHost)]');
});

test('routes that are the same in the mesh and at a host are set once', () => {
  const rules = `{ match: [{ headers: { x-a: { exact: b } } }], route: [{ destination: { host: web, subset: v2 } }] },
    { route: [{ destination: { host: web, subset: v1 } }] }`;
  const mesh = istio('VirtualService', 'web', `{ hosts: [web], http: [${rules}] }`);
  expect(liftOf(services(['web', 80]) + RULE + mesh + GATEWAY + host('shop', rules)))
    .toMatchObject({ differences: [], plain: [], classes: { web: ['MeshService', 'DarkLaunch'], front: ['IngressGateway', 'PublicHost'] } });
});

test('every host, without a route for all other requests: they still get 404', () => {
  const { differences, plain, text } = liftOf(services(['web', 9080], ['api', 80]) + GATEWAY + host('every',
    '{ match: [{ uri: { exact: /page } }, { uri: { prefix: /static } }], route: [{ destination: { host: web } }] },'
    + '{ match: [{ uri: { prefix: /api/ } }], rewrite: { uri: / }, route: [{ destination: { host: api, port: { number: 80 } } }] }'));
  expect([differences, plain]).toEqual([[], []]);
  expect(text).toContain('host: \'*\'');
  expect(text).toContain('exposeVia(everyHost, { defaultRoute: false });');
});

test.each([
  ['two hosts of one VirtualService', host('shop', '{ route: [{ destination: { host: web } }] }').replace('hosts: [\'shop', 'hosts: [a.example.com, \'shop'),
    'the VirtualService shop has 2 hosts, and a PublicHost has one'],
  ['the mesh and a gateway', host('shop', '{ route: [{ destination: { host: web } }] }').replace('gateways: [front]', 'gateways: [front, mesh]'),
    'the VirtualService shop is for front and mesh, and constructs write an object for each'],
  ['a route with a name of its own', host('shop', '{ name: main, route: [{ destination: { host: web } }] }'), 'the route \'main\' would be \'web.main\''],
  ['an unknown service', host('shop', '{ route: [{ destination: { host: nothing } }] }'), 'nothing.shop.svc.cluster.local, which is not a Service of the input'],
  ['TLS', host('shop', '', ', tls: [{ match: [{ sniHosts: [shop.example.com] }], route: [{ destination: { host: web } }] }] '), 'no construct is written for spec.tls'],
])('%s keeps the Gateway and its hosts plain', (_, routes, reason) => {
  const { differences, plain } = liftOf(services(['web', 80]) + GATEWAY + routes);
  expect(differences).toEqual([]);
  expect(plain.join()).toContain(reason);
});

describe('the manifests of the walk-through', () => {
  const EXPECTED = join(ROOT, 'examples/coolstore/expected');
  const stepOf = (step: string) => readdirSync(join(EXPECTED, step)).map(file => readFileSync(join(EXPECTED, step, file), 'utf8')).join('\n---\n');

  test('the composed step becomes the constructs that rendered it', () => {
    expect(liftOf(stepOf('20-composed'))).toMatchObject({
      differences: [],
      plain: [],
      classes: {
        'catalog': ['MeshService', 'CanaryRelease', 'TrafficRoute', 'DarkLaunch', 'MirroredService', 'RequestPolicy', 'CircuitBreakerPolicy'],
        'catalog-gateway': ['IngressGateway', 'PublicHost'],
      },
    });
  });

  test('all steps are the same for all requests, and no object stays plain', () => {
    const steps = readdirSync(EXPECTED);
    const plain = steps.flatMap(step => {
      const lift = liftOf(stepOf(step));
      expect([step, lift.differences]).toEqual([step, []]);
      return lift.plain.map(reason => `${step}: ${reason}`);
    });
    expect(steps.length).toBeGreaterThan(10);
    expect(plain).toEqual([]);
  });
});

describe('a Gateway of another program', () => {
  const HOST = istio('VirtualService', 'cart', `
  hosts: [cart.example.com]
  gateways: [edge/shared]
  http: [{ route: [{ destination: { host: cart } }] }]`);

  test('its hosts become PublicHosts of a reference', () => {
    const { units, differences } = adopted(`${services(['cart', 80])}${HOST}`);
    const { file, kept, notes } = units.find(({ unit }) => unit.kind === 'gateway')!.lifted;
    expect([differences, kept]).toEqual([[], []]);
    expect(file.summary).toBe('The hosts of the gateway shared in edge.');
    expect(printChart(file)).toContain('const gateway = IngressGateway.fromName(this, \'Shared\', { name: \'shared\', namespace: \'edge\' });');
    expect(notes).toEqual(['the input lacks the Gateway edge/shared; the proof assumes that it serves every host with HTTP on port 80']);
  });

  test('a rule that constructs would change is found, although the Gateway is assumed', () => {
    const twice = HOST.replace('host: cart }', 'host: cart, port: { number: 81 } }');
    const { units } = adopted(`${services(['cart', 80])}${twice}`);
    const [reason] = units.flatMap(({ lifted }) => lifted.kept.map(each => each.reason));
    expect(reason).toContain('cart.shop:81 (503: the proxy has no such cluster) would be cart.shop:80');
  });
});
