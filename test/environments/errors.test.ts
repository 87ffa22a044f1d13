import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import type { MeshEnvironmentOptions } from 'cdk8s-istio';
import {
  AccessLogging, AccessPolicy, Audience, CanaryRelease, Delegation, EgressPolicy, IngressGateway, MeshEnvironment, MeshEnvironments,
  MeshService, MirroredService, MutualTlsMode,
  OutboundTrafficMode, PolicyScope, PublicHost, ServicePort, StringMatch, Tracing, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/simulator';

const outdir = mkdtempSync(join(tmpdir(), 'environment-errors-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const both = (...more: Partial<MeshEnvironmentOptions>[]) => new MeshEnvironments({
  environments: ['dev', 'prod'].map((name, i) => ({ name, namespace: 'shop', ...more[i] })), outdir: mkdtempSync(join(outdir, 'x-')),
});

describe('an error about two statements names the environment, whatever the construct:', () => {
  const environment = () => {
    const chart = new Chart(new MeshEnvironment({ name: 'prod', namespace: 'shop' }), 'shop', { namespace: 'shop' });
    const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
    return { chart, service, v1: service.addSubset('v1', { labels: { version: 'v1' } }) };
  };
  type Made = ReturnType<typeof environment>;
  const web = PolicyScope.workload({ app: 'web' });
  const host = ({ chart }: Made) => (chart.node.tryFindChild('Host') as PublicHost | undefined)
    ?? new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });

  test.each<[string, (made: Made, id: string) => unknown]>([
    ['subsets', ({ service }, id) => service.addSubset('v2', { labels: { version: id } })],
    ['default subsets', ({ service, v1 }) => service.routeDefaultTo(v1)],
    [
      'routes of one name',
      ({ chart, service, v1 }, id) =>
        new TrafficRoute(chart, id, { service, name: 'a', matches: [{ uri: StringMatch.prefix(`/${id}`) }], target: v1 }),
    ],
    ['mirrors', ({ chart, service, v1 }, id) => new MirroredService(chart, id, { service, mirror: v1 })],
    ['paths of a host', made => made.service.exposeVia(host(made), { pathPrefix: '/a' })],
    ['delegations', (made, id) => new Delegation(made.chart, id, { publicHost: host(made), namespace: 'team', pathPrefix: '/a' })],
    [
      'outbound modes',
      ({ chart }, id) =>
        new EgressPolicy(chart, id, { scope: web, mode: id === 'A' ? OutboundTrafficMode.ALLOW_ANY : OutboundTrafficMode.REGISTRY_ONLY }),
    ],
    [
      'names of one Sidecar',
      ({ chart }, id) => new EgressPolicy(chart, id, { scope: web, mode: OutboundTrafficMode.ALLOW_ANY, name: id.toLowerCase() }),
    ],
    ['access logs', ({ chart }, id) => new AccessLogging(chart, id, { scope: web })],
    ['traces', ({ chart }, id) => new Tracing(chart, id, { scope: web, provider: 'otel' })],
    [
      'modes of a namespace',
      ({ chart }, id) =>
        new AccessPolicy(chart, id, {
          scope: PolicyScope.namespace(),
          mode: id === 'A' ? MutualTlsMode.STRICT : MutualTlsMode.PERMISSIVE,
        }),
    ],
    [
      'modes of a service',
      ({ chart, service }, id) =>
        new WorkloadAccess(chart, id, { service, mode: id === 'A' ? MutualTlsMode.STRICT : MutualTlsMode.PERMISSIVE }),
    ],
    ['denials', ({ chart }, id) => new AccessPolicy(chart, id, { scope: PolicyScope.namespace(), denyByDefault: true })],
  ])('%s', (_, state) => {
    const made = environment();
    state(made, 'A');
    expect(errorOf(() => state(made, 'B'))).toMatch(/^environment 'prod': shop\//);
  });

  test.each<[string, (made: Made) => unknown]>([
    [
      'fromService() of something else',
      ({ chart }) => MeshService.fromService(chart, 'Pod', new ApiObject(chart, 'Object', { apiVersion: 'v1', kind: 'Pod' })),
    ],
    ['fromName() with an unknown field', ({ chart }) => MeshService.fromName(chart, 'Named', { nam: 'x' } as never)],
    ['a summary', ({ service }) => {
      service.routeDefaultTo(service.subset('v9'));
      service.summary();
    }],
    ['a test of a chart', ({ chart, service }) => {
      service.routeDefaultTo(service.subset('v9'));
      Mesh.fromChart(chart);
    }],
    ['a condition that a gateway cannot meet', made => new TrafficRoute(made.chart, 'R', {
      service: made.service, target: made.v1, matches: [{ sourceLabels: { a: 'b' } }], audiences: [Audience.publicHost(host(made))],
    })],
  ])('%s', (_, act) => {
    const message = errorOf(() => act(environment()));
    expect(message).toMatch(/^environment 'prod': /);
    expect(message).not.toMatch(/(shop\/\w+): \1/);
  });
});

test.each([
  [{ egresMode: 1 }, 'environment \'prod\': environments[1].egresMode is an unknown field; use egressMode'],
  [{ settings: 7 }, 'environment \'prod\': environments[1].settings is 7; use an object'],
  [{ namespace: 'Shop' }, 'environment \'prod\': namespace \'Shop\' is not a DNS label'],
])('a wrong option of one of several environments names it: %j', (options, message) => {
  expect(errorOf(() => both({}, options as never))).toContain(message);
});

test('a wrong name of a namespace names the environment', () => {
  expect(errorOf(() => both({ namespaces: { pay: 'pay' } }, { namespaces: { pay: 'Pay' } }))).toContain(
    "environment 'prod': namespaces['pay'] 'Pay' is not a DNS label",
  );
});

describe('addCharts()', () => {
  const charts = (percents: { readonly [name: string]: number }) => ({
    addTo: (environment: MeshEnvironment) => {
      const chart = new Chart(environment, 'shop', { namespace: environment.namespace });
      const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
      const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
      new CanaryRelease(chart, 'Canary', { service, stable, canary, canaryPercent: percents[environment.environmentName] });
    },
  });

  test('the errors of all environments appear in one synth, those of statements and those of the whole', () => {
    const all = both();
    all.addCharts(charts({ dev: 101, prod: -1 }));
    expect(errorOf(() => all.synth())).toBe('environment \'dev\': shop/Canary: canaryPercent is 101; use a percentage from 0 to 100\n'
      + 'environment \'prod\': shop/Canary: canaryPercent is -1; use a percentage from 0 to 100');
  });

  test('an environment without an error is written, the other is not', () => {
    const all = both();
    all.addCharts(charts({ dev: 10, prod: 101 }));
    expect(errorOf(() => all.synth())).toMatch(/^environment 'prod': shop\/Canary: /);
    const [{ outdir: dev }, { outdir: prod }] = all.selected;
    expect(readdirSync(dev)).toEqual(['shop.k8s.yaml']);
    expect(() => readdirSync(prod)).toThrow('ENOENT');
  });

  test('errors of other libraries and of the program name the environment, too', () => {
    const all = both();
    all.addCharts({ addTo: environment => { for (let i = 0; i < 2; i++) new Chart(environment, 'twice'); } });
    all.addCharts({ addTo: () => { throw new TypeError('of the program'); } });
    const message = errorOf(() => all.synth());
    expect(message.match(/environment '(dev|prod)': There is already a Construct/g)).toHaveLength(2);
    expect(message.match(/environment '(dev|prod)': of the program/g)).toHaveLength(2);
  });

  test('a string that a program throws names the environment, too', () => {
    const all = both();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs do so
    all.addCharts({ addTo: () => { throw 'of the program'; } });
    expect(errorOf(() => all.synth())).toBe("environment 'dev': of the program\nenvironment 'prod': of the program");
  });

  test('an asynchronous addTo is an error, because synth would not wait for its charts', () => {
    const all = both();
    all.addCharts({
      addTo: async environment => {
        await Promise.resolve();
        new Chart(environment, 'late');
      },
    });
    expect(errorOf(() => all.synth())).toMatch(/^environment 'dev': addTo is asynchronous, and synth would not wait for its charts; /);
  });
});

describe('several namespaces in one environment', () => {
  const namespaces = { dev: { payments: 'payments-dev' }, prod: { payments: 'payments' } };

  test('each service is in its own, and requests from one reach the other', () => {
    const all = both({ namespace: 'shop-dev', namespaces: namespaces.dev }, { namespaces: namespaces.prod });
    for (const environment of all.selected) {
      const [shop, payments] = [environment.namespace, environment.namespaceOf('payments')];
      for (const namespace of [shop, payments]) {
        const service = new MeshService(new Chart(environment, namespace, { namespace }), 'Api', {
          name: 'api',
          ports: [ServicePort.http(80)],
        });
        service.routeDefaultTo(service.addSubset('v1', { labels: { version: 'v1' } }));
      }
      const mesh = Mesh.fromChart(environment.charts, {
        assumeServices: [shop, payments].map(namespace => ({ name: 'api', namespace, ports: [80] })),
      });
      const [target] = mesh.sidecar({ namespace: shop }).get(`http://api.${payments}/`).split;
      expect([target.host, target.subset]).toEqual([`api.${payments}.svc.cluster.local`, 'v1']);
    }
    expect(() => all.synth()).not.toThrow();
  });

  test('a namespace that only one environment has, or none, is an error', () => {
    expect(errorOf(() => both({ namespaces: namespaces.dev }))).toBe(
      "environment 'prod': it has no namespace 'payments', which environment 'dev' has; add it to this environment too",
    );
    expect(errorOf(() => both({ namespaces: namespaces.dev }, { namespaces: namespaces.prod }).selected[1].namespaceOf('paymets')))
      .toBe('environment \'prod\': it has no namespace \'paymets\'; add it to its `namespaces` (existing names: payments)');
  });
});
