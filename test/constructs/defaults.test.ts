import { App, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { errorOf } from '../error-of';
import { find, has, manifests, newChart } from '../manifests';
import type { TrafficDefaultsProps } from 'cdk8s-istio';
import {
  AccessLogging, CircuitBreakerPolicy, ConsistentHash, DarkLaunch, DefaultPart, ExternalDependency, LoadBalancerAlgorithm,
  LoadBalancerPolicy,
  MeshService, Origins, PolicyScope, RequestPolicy, Resolution, ServicePort, StringMatch, TrafficDefaults, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
const seconds = (n: number) => Duration.seconds(n);
const service = (scope: Construct = chart, name = 'web', ports = [ServicePort.http(80)]) =>
  new MeshService(scope, name, { name, ports, selector: { app: name } });
const defaults = (id: string, props: TrafficDefaultsProps, scope: Construct = chart) => new TrafficDefaults(scope, id, props);
const routes = (name = 'web'): { name: string; timeout?: string; retries?: { attempts: number } }[] =>
  find(chart, 'VirtualService', name).spec.http;
const rule = (name = 'web') => find(chart, 'DestinationRule', name).spec.trafficPolicy;
const mesh = PolicyScope.mesh();

beforeEach(() => {
  chart = newChart();
});

describe('a default', () => {
  test('applies to a service without a statement of its own', () => {
    defaults('Mesh', {
      scope: mesh,
      timeout: seconds(2),
      retries: { attempts: 1 },
      outlierDetection: { maxEjectionPercent: 50 },
      connectionPool: { maxConnections: 100 },
      loadBalancer: { algorithm: LoadBalancerAlgorithm.ROUND_ROBIN },
    });
    service();
    expect(routes()).toMatchObject([{ name: 'default', timeout: '2s', retries: { attempts: 1 } }]);
    expect(rule()).toEqual({
      connectionPool: {
        tcp: { maxConnections: 100 },
      },
      loadBalancer: { simple: 'ROUND_ROBIN' },
      outlierDetection: { maxEjectionPercent: 50 },
    });
  });

  test('is replaced by the statement of a team on the same slot, and stays on all others', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2), retries: { attempts: 1 } });
    new RequestPolicy(chart, 'Slow', { service: service(), timeout: seconds(9) });
    expect(routes()).toMatchObject([{ timeout: '9s', retries: { attempts: 1 } }]);
  });

  test('of a policy is replaced field by field, and a load balancer as a whole', () => {
    defaults('Mesh', {
      scope: mesh,
      connectionPool: { maxConnections: 100, http1MaxPendingRequests: 10 },
      outlierDetection: { maxEjectionPercent: 50, interval: seconds(5) },
      loadBalancer: { algorithm: LoadBalancerAlgorithm.ROUND_ROBIN, warmup: { duration: seconds(60) } },
    });
    const web = service();
    new CircuitBreakerPolicy(chart, 'Breaker', {
      service: web,
      connectionPool: { maxConnections: 7 },
      outlierDetection: { maxEjectionPercent: 100 },
    });
    new LoadBalancerPolicy(chart, 'Sticky', { service: web, consistentHash: ConsistentHash.header('x-user') });
    expect(rule()).toEqual({
      connectionPool: { tcp: { maxConnections: 7 }, http: { http1MaxPendingRequests: 10 } },
      outlierDetection: { maxEjectionPercent: 100, interval: '5s' },
      loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } },
    });
  });

  test('yields to a team for a route, a dark launch or matching requests, and holds for all other requests', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2) });
    const web = service();
    const [v1, v2] = ['v1', 'v2'].map(version => web.addSubset(version, { labels: { version } }));
    web.routeDefaultTo(v1);
    const items = new TrafficRoute(chart, 'Items', { service: web, matches: [{ uri: StringMatch.prefix('/items') }] });
    const staff = new DarkLaunch(chart, 'Staff', {
      service: web,
      target: v2,
      matches: [{ headers: { 'x-staff': StringMatch.exact('1') } }],
    });
    new RequestPolicy(chart, 'ItemsInTime', { service: web, route: items, timeout: seconds(5) });
    new RequestPolicy(chart, 'StaffInTime', { service: web, cohort: staff, route: web.defaultRoute, timeout: seconds(7) });
    new RequestPolicy(chart, 'Reports', {
      service: web,
      route: web.defaultRoute,
      matches: [{ headers: { 'x-report': StringMatch.exact('1') } }],
      timeout: seconds(60),
    });
    expect(routes().map(({ name, timeout }) => `${name} ${timeout}`)).toEqual([
      'items.staff 5s', 'items 5s', 'default.staff 7s', 'default.reports 60s', 'default 2s',
    ]);
  });

  test('holds for the subsets and ports that a team overrides, in the fields that it does not set', () => {
    defaults('Mesh', { scope: mesh, connectionPool: { maxConnections: 100, maxRequestsPerConnection: 9 } });
    const web = service();
    const v1 = web.addSubset('v1', { labels: { version: 'v1' } });
    new CircuitBreakerPolicy(chart, 'V1', { service: web, subset: v1, connectionPool: { maxConnections: 7 } });
    new CircuitBreakerPolicy(chart, 'P80', { service: web, port: 80, connectionPool: { maxConnections: 8 } });
    const { trafficPolicy, subsets } = find(chart, 'DestinationRule').spec;
    const all = { http: { maxRequestsPerConnection: 9 } };
    expect(trafficPolicy).toEqual({
      connectionPool: { tcp: { maxConnections: 100 }, ...all },
      portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 8 }, ...all } }],
    });
    expect(subsets[0].trafficPolicy.connectionPool).toEqual({ tcp: { maxConnections: 7 }, ...all });
  });

  test('of requests leaves a service without HTTP ports alone, as does a load balancer that hashes requests', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2), loadBalancer: { consistentHash: ConsistentHash.header('x-user') } });
    service(chart, 'redis', [ServicePort.tcp(6379)]);
    expect(has(chart, 'VirtualService')).toBe(false);
    expect(rule('redis')).toBeUndefined();
  });

  test('leaves hosts outside the mesh alone', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2), connectionPool: { maxConnections: 1 } });
    service();
    new ExternalDependency(chart, 'Api', { hosts: ['api.example.com'], ports: [ServicePort.http(80)], resolution: Resolution.DNS });
    expect(manifests(chart).map(({ kind, metadata }) => `${kind} ${metadata.name}`))
      .toEqual(['DestinationRule web', 'VirtualService web', 'ServiceEntry api']);
  });

  test('holds for public hosts as for the mesh, and for answers of Envoy never', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2) });
    new TrafficRoute(chart, 'Health', {
      service: service(),
      matches: [{ uri: StringMatch.exact('/health') }],
      directResponse: { status: 200 },
    });
    expect(routes().map(({ name, timeout }) => `${name} ${timeout}`)).toEqual(['health undefined', 'default 2s']);
  });
});

describe('of several defaults', () => {
  test('the tree wins over the namespace, and the namespace over the mesh, field by field', () => {
    const team = new Construct(chart, 'Team');
    defaults('Mesh', { scope: mesh, timeout: seconds(1), retries: { attempts: 1 }, connectionPool: { maxConnections: 1, maxRetries: 1 } });
    defaults('Shop', {
      scope: PolicyScope.namespace('shop'),
      timeout: seconds(2),
      connectionPool: { maxConnections: 2, http2MaxRequests: 2 },
    });
    defaults('Tree', { connectionPool: { maxConnections: 3 } }, team);
    service(team);
    service(chart, 'other');
    expect(routes()).toMatchObject([{ timeout: '2s', retries: { attempts: 1 } }]);
    expect(rule().connectionPool).toEqual({ tcp: { maxConnections: 3 }, http: { http2MaxRequests: 2, maxRetries: 1 } });
    expect(rule('other').connectionPool).toEqual({ tcp: { maxConnections: 2 }, http: { http2MaxRequests: 2, maxRetries: 1 } });
  });

  test('the inner tree wins, down to one service', () => {
    const web = service();
    defaults('App', { timeout: seconds(1) }, chart.node.root as App);
    defaults('Chart', { timeout: seconds(2) });
    defaults('Web', { timeout: seconds(3) }, web);
    service(chart, 'other');
    expect([routes()[0].timeout, routes('other')[0].timeout]).toEqual(['3s', '2s']);
  });

  test('a nearer one can remove what a wider one sets', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(1), retries: { attempts: 1 }, connectionPool: { maxConnections: 1 } });
    defaults('Streams', { without: [DefaultPart.TIMEOUT, DefaultPart.CONNECTION_POOL] }, service());
    expect(routes()).toMatchObject([{ name: 'default', retries: { attempts: 1 } }]);
    expect(routes()[0].timeout).toBeUndefined();
    expect(rule()).toBeUndefined();
  });

  test('of one level on one slot, the second is an error that names both', () => {
    defaults('A', { scope: mesh, timeout: seconds(1), connectionPool: { maxConnections: 1 } });
    expect(() => defaults('B', { scope: mesh, timeout: seconds(1) })).toThrow(new Error(
      'chart/B: the default of timeout for the mesh is already set or removed by chart/A; set it once, or for a nearer scope'));
    expect(() => defaults('C', { scope: mesh, connectionPool: { maxConnections: 2 } })).toThrow(
      'the default of connectionPool.tcp.maxConnections for the mesh',
    );
    defaults('D', { scope: mesh, retries: { attempts: 1 }, connectionPool: { maxRetries: 1 } });
    defaults('E', { connectionPool: { maxRetries: 1 } });
    expect(() => defaults('F', { without: [DefaultPart.CONNECTION_POOL] })).toThrow(new Error('chart/F: the default of connectionPool for '
      + 'the services at or below chart is already set or removed by chart/E; set it once, or for a nearer scope'));
    defaults('G', { without: [DefaultPart.RETRIES] });
    expect(() => defaults('H', { retries: { attempts: 2 } })).toThrow('is already set or removed by chart/G');
  });
});

describe('logs', () => {
  const logs = (name?: string) => find(chart, 'Telemetry', name);

  test('of the mesh are a Telemetry, which the statement of a team for the mesh replaces', () => {
    defaults('Mesh', { scope: mesh, accessLogging: { filter: 'response.code >= 500' } });
    expect(logs()).toMatchObject({
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { accessLogging: [{ filter: { expression: 'response.code >= 500' } }] },
    });
    new AccessLogging(chart, 'All', { scope: mesh });
    expect(logs().spec.accessLogging).toEqual([{ providers: [{ name: 'envoy' }] }]);
  });

  test('of a tree are those of the pods of each service, named after it, which a statement for the pods replaces', () => {
    defaults('Tree', { accessLogging: { disabled: true } });
    service();
    service(chart, 'other');
    new AccessLogging(chart, 'All', { scope: PolicyScope.workload({ app: 'other' }), filter: 'true' });
    expect(logs('web').spec).toEqual({
      selector: { matchLabels: { app: 'web' } },
      accessLogging: [{ providers: [{ name: 'envoy' }], disabled: true }],
    });
    expect(logs('other').spec.accessLogging).toEqual([{ providers: [{ name: 'envoy' }], filter: { expression: 'true' } }]);
  });

  test.each([['the mesh', mesh], ['namespace \'shop\'', PolicyScope.namespace('shop')]])(
    'of %s are inherited by all pods, so that a tree cannot remove them', (name, scope) => {
      const web = service();
      const removal = defaults('Quiet', { without: [DefaultPart.ACCESS_LOGGING] }, web);
      defaults('Logs', { scope, accessLogging: {} });
      expect(removal.node.validate()).toEqual([`chart/web/Quiet: without contains accessLogging, but the pods of 'web' inherit the logs that chart/Logs sets for ${name}; `
        + 'use accessLogging: { disabled: true }']);
      new AccessLogging(chart, 'Own', { scope: PolicyScope.workload({ app: 'web' }), providers: ['otel'] });
      expect(removal.node.validate()).toEqual([]);
    });

  test('of a tree require the selector of each service', () => {
    defaults('Tree', { accessLogging: { disabled: true } });
    expect(() => new MeshService(chart, 'Bare', { name: 'bare', ports: [ServicePort.http(80)] })).toThrow(
      'chart/Tree: accessLogging applies to the pods of each service, and those of \'bare\' (chart/Bare) are unknown; set `selector`');
  });
});

describe('who set and who replaced it', () => {
  function told(): MeshService {
    Origins.record(chart);
    defaults('Mesh', { scope: mesh, timeout: seconds(2), connectionPool: { maxConnections: 1, maxRetries: 2 }, accessLogging: {} });
    defaults('Shop', { scope: PolicyScope.namespace(), connectionPool: { maxRetries: 3 } });
    const web = service();
    const items = new TrafficRoute(chart, 'Items', { service: web, matches: [{ uri: StringMatch.prefix('/items') }] });
    new RequestPolicy(chart, 'Slow', { service: web, route: items, timeout: seconds(9) });
    new CircuitBreakerPolicy(chart, 'Breaker', { service: web, connectionPool: { maxConnections: 7 } });
    new AccessLogging(chart, 'Logs', { scope: mesh, filter: 'true' });
    return web;
  }

  test('is in the summary', () => {
    expect(told().summary().split('\n').slice(-7)).toEqual([
      '  defaults:',
      '    connectionPool.http.maxRetries 3 by chart/Shop',
      '    connectionPool.http.maxRetries 2 by chart/Mesh; replaced by chart/Shop',
      '    connectionPool.tcp.maxConnections 1 by chart/Mesh; replaced by chart/Breaker',
      '    timeout 2s by chart/Mesh; replaced by chart/Slow of route \'items\'',
      '  default access logs:',
      '    accessLogging providers [name envoy] by chart/Mesh; replaced by chart/Logs',
    ]);
  });

  test('is in the origin of each manifest', () => {
    told();
    const origin = (kind: string) => JSON.parse(find(chart, kind).metadata.annotations!['cdk8s-istio/origin']) as object;
    expect(origin('VirtualService')).toEqual({
      defaults: [{ field: 'timeout', by: 'chart/Mesh', replacedBy: ['chart/Slow of route \'items\''] }],
      policies: [],
      routes: { default: ['chart/Mesh', 'chart/web.defaultRoute'], items: ['chart/Items', 'chart/Slow'] },
    });
    expect(origin('DestinationRule')).toMatchObject({ policies: ['chart/Breaker', 'chart/Shop'] });
    expect(origin('Telemetry')).toMatchObject({
      policies: ['chart/Logs'],
      defaults: [{ field: 'accessLogging', by: 'chart/Mesh', replacedBy: ['chart/Logs'] }],
    });
  });
});

describe('an error', () => {
  const at = (props: object) => () => defaults('X', props as TrafficDefaultsProps);

  test.each<[string, () => unknown, string]>([
    ['without anything', at({ scope: mesh }), 'chart/X: timeout, retries, connectionPool, outlierDetection, retryBudget, loadBalancer, accessLogging and without are all missing; '
      + 'set at least one'],
    [
      'for a value that Istio rejects',
      at({ timeout: Duration.millis(0) }),
      'chart/X: timeout is 0, which Istio rejects; use at least 1 ms, or omit it',
    ],
    [
      'for a load balancer',
      at({ loadBalancer: {} }),
      'chart/X: algorithm, consistentHash, locality, zoneAware and warmup are all missing; set at least one',
    ],
    [
      'for logs',
      at({ accessLogging: { providers: [] } }),
      "chart/X: providers is []; use names of providers in MeshConfig, such as 'envoy'",
    ],
    ['for a workload', at({
      scope: PolicyScope.workload({ app: 'web' }),
      timeout: seconds(1),
    }), 'chart/X: scope is a workload; use PolicyScope.mesh() or '
      + 'PolicyScope.namespace(), or omit it for the services at or below the parent of this construct'],
    [
      'for what is both set and removed',
      at({ timeout: seconds(1), without: [DefaultPart.TIMEOUT] }),
      'chart/X: without contains timeout, which is also set; omit one of them',
    ],
    [
      'for a root namespace of defaults that render nothing there',
      at({ timeout: seconds(1), rootNamespace: 'mesh-root' }),
      "chart/X: rootNamespace 'mesh-root' has no effect without scope; omit it, or set `scope`",
    ],
    ['without properties', () => defaults('X', undefined as never),
      'chart/X: the argument is missing; use an object with the fields of TrafficDefaultsProps'],
    ['for a removal of nothing', at({ scope: mesh, without: [DefaultPart.TIMEOUT] }), 'chart/X: without removes defaults of wider scopes, '
      + 'and no scope is wider than the mesh; omit it'],
    ['for logs that a namespace inherits', at({
      scope: PolicyScope.namespace(),
      without: [DefaultPart.ACCESS_LOGGING],
    }), 'chart/X: without cannot contain '
      + 'accessLogging for a namespace, whose pods inherit the logs of the mesh; use accessLogging: { disabled: true }'],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(new Error(message));
  });

  test('for logs of the mesh outside of any chart', () => {
    expect(() => new TrafficDefaults(new App(), 'X', { scope: mesh, accessLogging: {} })).toThrow(
      'X: accessLogging renders a Telemetry, and no chart contains this construct; create it in a chart');
  });
});

describe('a default that applies to nothing is an error', () => {
  const refused = () => errorOf(() => manifests(chart));
  const NOTHING = 'the defaults apply to nothing, because';

  test('in a namespace without services, such as a misspelt one', () => {
    service();
    defaults('Shop', { scope: PolicyScope.namespace('shpo'), timeout: seconds(2) });
    expect(refused()).toContain(
      `chart/Shop: ${NOTHING} the App has no MeshService in namespace 'shpo'; omit them, or set another \`scope\``);
  });

  test('in a tree without services', () => {
    service();
    defaults('Tree', { accessLogging: {} }, new Construct(chart, 'Team'));
    expect(refused()).toContain(`chart/Team/Tree: ${NOTHING} no MeshService is at or below chart/Team`);
  });

  test('in a tree that only removes defaults', () => {
    defaults('Tree', { without: [DefaultPart.TIMEOUT] }, new Construct(chart, 'Team'));
    expect(refused()).toContain(`chart/Team/Tree: ${NOTHING}`);
  });

  test('in an App without services', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2) });
    expect(refused()).toContain(`chart/Mesh: ${NOTHING} the App has no MeshService`);
  });

  test('but logs of the mesh or a namespace apply to pods without a service', () => {
    defaults('Mesh', { scope: mesh, accessLogging: {} });
    defaults('Other', { scope: PolicyScope.namespace('other'), accessLogging: {} });
    expect(manifests(chart).map(({ kind }) => kind)).toEqual(['Telemetry', 'Telemetry']);
  });

  test('and a service may come later', () => {
    defaults('Mesh', { scope: mesh, timeout: seconds(2) });
    service();
    expect(routes()).toMatchObject([{ timeout: '2s' }]);
  });
});

describe('attempts that may last longer than the timeout of all attempts are an error', () => {
  const refused = () => errorOf(() => manifests(chart));
  const LONGER = 'retries.perTryTimeout is 10s, longer than the timeout of';

  beforeEach(() => {
    defaults('Mesh', { scope: mesh, retries: { attempts: 2, perTryTimeout: seconds(10) } });
  });

  test('if a team sets the timeout', () => {
    new RequestPolicy(chart, 'Fast', { service: service(), timeout: seconds(5) });
    expect(refused()).toContain(
      `chart/Mesh: ${LONGER} chart/Fast, 5s, which ends all attempts; set retries and timeout of these requests together`);
  });

  test('if a nearer default sets the timeout', () => {
    service();
    defaults('Shop', { scope: PolicyScope.namespace(), timeout: seconds(5) });
    expect(refused()).toContain(`chart/Mesh: ${LONGER} chart/Shop, 5s`);
  });

  test('if the timeout is for some requests', () => {
    const web = service();
    new TrafficRoute(chart, 'Search', { service: web, matches: [{ uri: StringMatch.prefix('/search') }] });
    new RequestPolicy(chart, 'Fast', { service: web, timeout: seconds(5), matches: [{ uri: StringMatch.exact('/search/fast') }] });
    expect(refused()).toContain(`chart/Mesh: ${LONGER} chart/Fast, 5s`);
  });

  test('but not where a team sets both', () => {
    new RequestPolicy(chart, 'Fast', { service: service(), timeout: seconds(5), retries: { attempts: 1, perTryTimeout: seconds(2) } });
    expect(routes()).toMatchObject([{ timeout: '5s', retries: { attempts: 1, perTryTimeout: '2s' } }]);
  });

  test('nor where a team switches retries off', () => {
    new RequestPolicy(chart, 'Once', { service: service(), timeout: seconds(5), retries: { attempts: 0 } });
    expect(routes()).toMatchObject([{ timeout: '5s', retries: { attempts: 0 } }]);
  });
});

test('the error of a default retry budget names the policy of the port that discards it', () => {
  defaults('Mesh', { scope: mesh, retryBudget: { percent: 20 } });
  new CircuitBreakerPolicy(chart, 'Port', { service: service(), port: 80, connectionPool: { maxConnections: 1 } });
  expect(errorOf(() => manifests(chart))).toContain(
    'chart/Mesh: retryBudget would have no effect at port 80, because in Istio the policy of a port, here of chart/Port, replaces all others');
});

test('any order of defaults and statements about services renders the same bytes', () => {
  const statements: { readonly [id: string]: (scope: Chart, web: MeshService, team: Construct) => void } = {
    mesh: scope =>
      new TrafficDefaults(scope, 'Mesh', {
        scope: mesh,
        timeout: seconds(1),
        connectionPool: { maxConnections: 1 },
        retryBudget: { percent: 20 },
      }),
    namespace: scope =>
      new TrafficDefaults(scope, 'Namespace', {
        scope: PolicyScope.namespace(),
        timeout: seconds(2),
        outlierDetection: { maxEjectionPercent: 50 },
      }),
    tree: (_, __, team) =>
      new TrafficDefaults(team, 'Tree', {
        retries: { attempts: 4 },
        accessLogging: { disabled: true },
        without: [DefaultPart.RETRY_BUDGET],
      }),
    service: (_, web) =>
      new TrafficDefaults(web, 'Own', { without: [DefaultPart.TIMEOUT], loadBalancer: { algorithm: LoadBalancerAlgorithm.RANDOM } }),
    request: (scope, web) => new RequestPolicy(scope, 'Retry', { service: web, retries: { attempts: 0 } }),
    breaker: (scope, web) => new CircuitBreakerPolicy(scope, 'Breaker', { service: web, connectionPool: { maxConnections: 9 } }),
    route: (scope, web) => new TrafficRoute(scope, 'Items', { service: web, matches: [{ uri: StringMatch.prefix('/items') }] }),
    logs: (scope, web) => new AccessLogging(scope, 'Logs', { scope: PolicyScope.workload({ app: web.serviceName }), filter: 'true' }),
  };
  const render = (ids: readonly string[], before: number): string => {
    const app = new App();
    const shop = new Chart(app, 'shop', { namespace: 'shop' });
    const team = new Construct(shop, 'team');
    let web: MeshService | undefined;
    const needs = ['service', 'request', 'breaker', 'route', 'logs'];
    const first = ids.filter(id => !needs.includes(id)).slice(0, before);
    first.forEach(id => statements[id](shop, web!, team));
    web = service(team);
    service(shop, 'other');
    ids.filter(id => !first.includes(id)).forEach(id => statements[id](shop, web, team));
    return JSON.stringify([shop.toJson(), web.summary()]);
  };
  const ids = Object.keys(statements);
  fc.assert(fc.property(fc.shuffledSubarray(ids), fc.nat({ max: 3 }), (order, before) => {
    expect(render(order, before)).toBe(render([...order].sort(), 0));
  }), { numRuns: 300 });
});
