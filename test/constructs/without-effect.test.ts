import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { AccessExceptions, AccessStatementProps } from 'cdk8s-istio';
import {
  AccessAction, AccessCondition, AccessPolicy, Caller, CanaryRelease, DarkLaunch, EgressGateway, ExternalDependency, FaultInjection,
  MeshEnvironment, MeshService, MirroredService, PolicyScope, RequestPolicy, Resolution, ServicePort, StringMatch, TcpRoute, TlsRoute,
  TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
const timeout = Duration.seconds(1);
const staff = [{ headers: { 'x-staff': StringMatch.present() } }];
const refused = () => errorOf(() => manifests(chart));

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
});

const version = (name: string) => catalog.addSubset(name, { labels: { version: name } });

describe('a statement that changes no request is an error', () => {
  const NO_COPIES = 'which serves all of them itself, so Envoy would copy none; use a different version or service as mirror';
  const NO_LAUNCH = 'which serves all other requests too; use a different version as target';

  test('a mirror of a service to itself, also by its name', () => {
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: catalog });
    expect(refused()).toContain(`chart/Mirror copies requests to 'catalog', ${NO_COPIES}`);
    chart = newChart();
    catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    const mirror = MeshService.fromName(chart, 'Same', { name: 'catalog', port: 80 });
    new MirroredService(chart, 'Mirror', { service: catalog, mirror });
    expect(refused()).toContain(`chart/Mirror copies requests to 'catalog', ${NO_COPIES}`);
  });

  test('a mirror to the version that serves all requests', () => {
    const v1 = version('v1');
    catalog.routeDefaultTo(v1);
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: v1 });
    expect(refused()).toContain(`chart/Mirror copies requests to 'catalog v1', ${NO_COPIES}`);
  });

  test('a mirror of one route, which goes to the mirror', () => {
    const [v1, v2] = [version('v1'), version('v2')];
    catalog.routeDefaultTo(v1);
    const route = new TrafficRoute(chart, 'Items', { service: catalog, target: v2, matches: [{ uri: StringMatch.prefix('/items') }] });
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: v2, route });
    expect(refused()).toContain(NO_COPIES);
  });

  test('a dark launch to the version that serves all requests, or to the whole service', () => {
    const v1 = version('v1');
    catalog.routeDefaultTo(v1);
    new DarkLaunch(chart, 'Staff', { service: catalog, target: v1, matches: staff });
    expect(refused()).toContain(`chart/Staff sends its requests to 'catalog v1', ${NO_LAUNCH}`);
    chart = newChart();
    catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    new DarkLaunch(chart, 'Staff', { service: catalog, target: catalog, matches: staff });
    expect(refused()).toContain(`chart/Staff sends its requests to 'catalog', ${NO_LAUNCH}`);
  });

  test('a policy whose matches no request of its route meets', () => {
    const route = new TrafficRoute(chart, 'Items', { service: catalog, matches: [{ uri: StringMatch.exact('/items') }] });
    new RequestPolicy(chart, 'Slow', { service: catalog, route, timeout, matches: [{ uri: StringMatch.exact('/other') }] });
    expect(refused()).toContain('chart/Slow has matches that no request of its routes meets; change the matches, or the routes');
  });

  test('a policy or a canary of a service that redirects every request', () => {
    new TrafficRoute(chart, 'Moved', { service: catalog, redirect: { authority: 'new.example.com' } });
    new RequestPolicy(chart, 'Slow', { service: catalog, timeout });
    new CanaryRelease(chart, 'Canary', { service: catalog, stable: version('v1'), canary: version('v2'), canaryPercent: 1 });
    expect(refused()).toContain('chart/Slow applies to no request, because the routes of the service answer or redirect all requests');
    expect(refused()).toContain('chart/Canary applies to no request');
  });
});

describe('a statement that changes requests only in a later step of a rollout is accepted', () => {
  test.each([0, 100])('a mirror and a dark launch beside a canary of %d percent', canaryPercent => {
    const [stable, canary] = [version('v1'), version('v2')];
    new CanaryRelease(chart, 'Canary', { service: catalog, stable, canary, canaryPercent });
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: canary });
    new DarkLaunch(chart, 'Staff', { service: catalog, target: canary, matches: staff });
    expect(find(chart, 'VirtualService').metadata.name).toBe('catalog');
  });

  test('a policy that others replace for all requests', () => {
    new RequestPolicy(chart, 'Common', { service: catalog, timeout: Duration.seconds(9) });
    const route = new TrafficRoute(chart, 'All', { service: catalog, matches: [{ uri: StringMatch.prefix('/') }] });
    new RequestPolicy(chart, 'Own', { service: catalog, route, timeout });
    expect(find(chart, 'VirtualService').spec.http[0].timeout).toBe('1s');
  });
});

describe('a match without conditions is an error everywhere', () => {
  test.each<[string, () => unknown]>([
    ['a route', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{}] })],
    ['a route beside another match', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ method: StringMatch.exact('GET') }, {}] })],
    ['a route with an empty map', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ headers: {}, ignoreUriCase: true }] })],
    ['a policy', () => new RequestPolicy(chart, 'X', { service: catalog, timeout, matches: [{}] })],
    ['faults', () => new FaultInjection(chart, 'X', { service: catalog, abort: { httpStatus: 503, percentage: 1 }, matches: [{}] })],
    ['a dark launch', () => new DarkLaunch(chart, 'X', { service: catalog, target: catalog, matches: [{}] })],
    ['a TCP route', () => {
      const service = new MeshService(chart, 'Db', { name: 'db', ports: [ServicePort.tcp(5432)] });
      return new TcpRoute(chart, 'X', { service, target: service, matches: [{}] });
    }],
    ['a TLS route', () => {
      const service = new MeshService(chart, 'Vault', { name: 'vault', ports: [ServicePort.tls(443)] });
      return new TlsRoute(chart, 'X', { service, target: service, matches: [{}] });
    }],
  ])('in %s', (_, state) => {
    expect(errorOf(state)).toMatch(/^chart\/X: matches contains an alternative without conditions, which matches every (request|connection); add a condition, or /);
  });

  test('and the prefix / is a condition', () => {
    new TrafficRoute(chart, 'X', { service: catalog, matches: [{ uri: StringMatch.prefix('/') }] });
    expect(find(chart, 'VirtualService').spec.http).toHaveLength(1);
  });
});

describe('an access statement that no request meets is an error', () => {
  const web = Caller.serviceAccount('web', 'shop');
  const exact = StringMatch.exact('a');
  const header = AccessCondition.header('x-a', [exact]);

  test.each<[string, Partial<AccessStatementProps>, AccessExceptions]>([
    ['callers', { callers: [web] }, { callers: [web] }],
    ['callers', { callers: [web, Caller.namespace('jobs')] }, { callers: [Caller.namespace('shop'), Caller.namespace('jobs')] }],
    ['callers', { callers: [web] }, { callers: [Caller.anyWorkload()] }],
    ['methods', { methods: ['GET'] }, { methods: ['GET', 'POST'] }],
    ['paths', { paths: [StringMatch.exact('/a/b')] }, { paths: [StringMatch.prefix('/a')] }],
    ['hosts', { hosts: ['shop.example.com'] }, { hosts: ['shop.example.com'] }],
    ['ipBlocks', { ipBlocks: ['10.1.2.3'] }, { ipBlocks: ['10.0.0.0/8'] }],
    ['requestPrincipals', { requestPrincipals: ['a/b'] }, { requestPrincipals: ['*'] }],
  ])('because except.%s includes all of it', (field, props, except) => {
    const message = `except.${field} includes everything in ${field}, so no request meets the statement; remove values from except.${field}`;
    const all = { callers: [Caller.anyone()], ...props, except };
    expect(errorOf(() => new WorkloadAccess(chart, 'X', { service: catalog, ...all }))).toBe(`chart/X: ${message}`);
    const denied = { ...all, action: AccessAction.deny(), containerPorts: [8080] };
    expect(errorOf(() => new AccessPolicy(chart, 'Y', { scope: PolicyScope.namespace(), ...denied }))).toBe(`chart/Y: ${message}`);
  });

  test('because two conditions contradict each other', () => {
    const when = [header, AccessCondition.header('x-a', [exact, StringMatch.prefix('b')]).negated()];
    expect(errorOf(() => new WorkloadAccess(chart, 'X', { service: catalog, callers: [web], when }))).toBe(
      'chart/X: the conditions on request.headers[x-a] contradict each other, so no request meets the statement; remove one of them');
  });

  test.each<[string, Partial<AccessStatementProps>]>([
    ['some callers', { callers: [web, Caller.serviceAccount('jobs', 'shop')], except: { callers: [web] } }],
    ['a narrower path', { callers: [web], paths: [StringMatch.prefix('/a')], except: { paths: [StringMatch.prefix('/a/b')] } }],
    ['another field', { callers: [web], methods: ['GET'], except: { paths: [StringMatch.exact('/a')] } }],
  ])('and one that excepts %s is accepted', (_, props) => {
    new WorkloadAccess(chart, 'X', { service: catalog, ...props });
    expect(find(chart, 'AuthorizationPolicy').spec.rules).toHaveLength(1);
  });
});

describe('an ExternalDependency with a name of a Service of the mesh', () => {
  const outside = (host: string, namespace?: string) =>
    new ExternalDependency(chart, 'Api', { hosts: [host], namespace, ports: [ServicePort.http(80)], resolution: Resolution.DNS });
  const REPAIR = 'use the service itself as a target, or an ExternalDependency for a host outside the mesh';

  test.each(['catalog.shop', 'catalog.shop.svc', 'catalog.shop.svc.cluster.local'])('is an error: %s', host => {
    for (const namespace of [undefined, 'other']) {
      expect(errorOf(() => outside(host, namespace))).toBe(`chart/Api: the host '${host}' is a name of the Service of chart/Catalog; ${REPAIR}`);
      chart.node.tryRemoveChild('Api');
    }
  });

  test('is an error in the other order, and for the Service of an egress gateway', () => {
    outside('cart.shop');
    expect(errorOf(() => new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] })))
      .toBe(`chart/Cart: chart/Api already has the host 'cart.shop', which is a name of this Service; ${REPAIR}`);
    new EgressGateway(chart, 'Egress');
    expect(errorOf(() => new ExternalDependency(chart, 'Self', {
      hosts: ['istio-egressgateway.istio-system.svc.cluster.local'], ports: [ServicePort.http(80)], resolution: Resolution.DNS,
    }))).toContain('is a name of the Service of chart/Egress');
  });

  test('of another cluster domain is accepted', () => {
    outside('catalog.shop.svc.other.local');
    expect(find(chart, 'ServiceEntry').spec.hosts).toEqual(['catalog.shop.svc.other.local']);
  });
});

test('what a construct or an environment gives out may be changed without effect', () => {
  const environment = new MeshEnvironment({ name: 'dev', namespace: 'shop', settings: { limits: { a: { b: 1 }, list: [1] } }, gateway: { selector: { a: 'b' } } });
  environment.value('limits').a.b = 3;
  environment.value('limits').list.push(2);
  Object.assign(environment.gateway.selector!, { a: 'c' });
  expect(environment.value('limits')).toEqual({ a: { b: 1 }, list: [1] });
  expect(environment.gateway.selector).toEqual({ a: 'b' });
  const api = new ExternalDependency(chart, 'Api', { hosts: ['a.example.com'], ports: [ServicePort.http(80)], resolution: Resolution.DNS });
  const services = [catalog, api, new EgressGateway(chart, 'Egress'), MeshService.fromName(chart, 'Other', { name: 'other', port: 80 })];
  for (const service of services) {
    service.httpPorts.push(1234);
    expect(service.httpPorts).toEqual([80]);
  }
  api.hosts.push('b.example.com');
  expect(api.hosts).toEqual(['a.example.com']);
});

test('a factory without a scope names what it got instead', () => {
  const fromName = MeshService.fromName as unknown as (...args: unknown[]) => unknown;
  for (const first of ['catalog', undefined, null]) {
    expect(errorOf(() => fromName(first, 'shop', { port: 80 }))).toBe(
      `MeshService.fromName: the scope is ${JSON.stringify(first)}, not a construct; use a scope, an id, and then the properties`);
  }
});
