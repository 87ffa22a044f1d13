import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, has, manifests, newChart } from '../manifests';
import type { WorkloadAccessProps } from 'cdk8s-istio';
import {
  AccessPolicy,
  Caller,
  CircuitBreakerPolicy,
  MeshService,
  MutualTlsMode,
  PolicyScope,
  ServicePort,
  StringMatch,
  WorkloadAccess,
} from 'cdk8s-istio';

const { STRICT, PERMISSIVE, DISABLE } = MutualTlsMode;
const web = Caller.serviceAccount('web');

let chart: Chart;
let catalog: MeshService;
const access = (id: string, props: Omit<WorkloadAccessProps, 'service'>) => new WorkloadAccess(chart, id, { service: catalog, ...props });
const describeCatalog = () => new MeshService(chart, 'Catalog', {
  name: 'catalog', ports: [ServicePort.http(80, { targetPort: 3000 }), ServicePort.tcp(5432)], selector: { app: 'catalog' },
});

beforeEach(() => {
  chart = newChart();
  catalog = describeCatalog();
});

describe('who may call a service', () => {
  test('any number of statements become one PeerAuthentication and one AuthorizationPolicy, whatever their order', () => {
    const statements = [
      () => access('Mode', { mode: STRICT }),
      () => access('Web', { callers: [web, Caller.serviceAccount('jobs', 'batch')], methods: ['GET'] }),
      () => access('Database', { callers: [Caller.namespace('batch')], ports: [5432], mode: PERMISSIVE }),
      () => new CircuitBreakerPolicy(chart, 'Breaker', { service: catalog, connectionPool: { maxConnections: 5 } }),
    ];
    statements.forEach(state => state());
    const forward = manifests(chart);
    chart = newChart();
    catalog = describeCatalog();
    [...statements].reverse().forEach(state => state());
    expect(manifests(chart)).toEqual(forward);
    expect(forward.map(m => m.kind)).toEqual(['DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy']);
    expect(find(chart, 'PeerAuthentication')).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'catalog', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'catalog' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 5432: { mode: 'PERMISSIVE' } } },
    });
    expect(find(chart, 'AuthorizationPolicy').spec).toEqual({
      selector: { matchLabels: { app: 'catalog' } },
      action: 'ALLOW',
      rules: [
        { from: [{ source: { namespaces: ['batch'] } }], to: [{ operation: { ports: ['5432'] } }] },
        {
          from: [{ source: { principals: ['cluster.local/ns/batch/sa/jobs', 'cluster.local/ns/shop/sa/web'] } }],
          to: [{ operation: { methods: ['GET'] } }],
        },
      ],
    });
  });

  test('the pods come from the selector of the Service', () => {
    const service = new ApiObject(chart, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: {
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    });
    new WorkloadAccess(chart, 'Access', {
      service: MeshService.fromService(chart, 'Web', service),
      callers: [Caller.anyone()],
      ports: [80],
    });
    expect(find(chart, 'AuthorizationPolicy').spec).toEqual({
      selector: { matchLabels: { app: 'web' } }, action: 'ALLOW', rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
    });
  });

  test('the summary lists it', () => {
    access('Mode', { mode: STRICT });
    access('Web', { callers: [web], paths: [StringMatch.prefix('/items')] });
    expect(catalog.summary()).toContain('  mutual TLS: STRICT\n  allowed callers:\n    cluster.local/ns/shop/sa/web: /items*');
  });

  test('a port has its own mode, so anyone may call it in plaintext', () => {
    access('Metrics', { mode: DISABLE, ports: [5432], callers: [Caller.anyone()] });
    access('Web', { callers: [web], ports: [80] });
    expect(manifests(chart)).toHaveLength(2);
  });
});

describe('who may call anything', () => {
  test('deny by default is an AuthorizationPolicy without rules', () => {
    new AccessPolicy(chart, 'Deny', { scope: PolicyScope.namespace(), denyByDefault: true, mode: STRICT });
    expect(find(chart, 'AuthorizationPolicy')).toMatchObject({ metadata: { name: 'default', namespace: 'shop' }, spec: {} });
    expect(find(chart, 'AuthorizationPolicy').spec).toEqual({});
    expect(find(chart, 'PeerAuthentication').spec).toEqual({ mtls: { mode: 'STRICT' } });
  });

  test('of the mesh is in the root namespace', () => {
    new AccessPolicy(chart, 'Mode', { scope: PolicyScope.mesh(), mode: STRICT });
    expect(find(chart, 'PeerAuthentication').metadata.namespace).toBe('istio-system');
    expect(has(chart, 'AuthorizationPolicy')).toBe(false);
  });

  test('policies with the same mode become one', () => {
    for (const id of ['A', 'B']) new AccessPolicy(chart, id, { scope: PolicyScope.mesh(), mode: STRICT });
    expect(find(chart, 'PeerAuthentication').spec).toEqual({ mtls: { mode: 'STRICT' } });
  });
});

describe('errors at the call', () => {
  test('two modes name both constructs', () => {
    access('One', { mode: STRICT });
    expect(errorOf(() => access('Two', { mode: DISABLE })))
      .toBe('chart/Two: mode DISABLE differs from STRICT, which chart/One sets; use one mode, or limit them to different ports');
  });

  test('two modes of a namespace name both constructs', () => {
    const policy = (id: string, mode: MutualTlsMode) => new AccessPolicy(chart, id, { scope: PolicyScope.namespace('shop'), mode });
    policy('One', STRICT);
    expect(errorOf(() => policy('Two', PERMISSIVE))).toBe(
      "chart/Two: mode PERMISSIVE for namespace 'shop' differs from STRICT, which chart/One sets; use one mode per scope",
    );
  });

  test('deny by default twice', () => {
    const policy = (id: string) => new AccessPolicy(chart, id, { scope: PolicyScope.namespace(), denyByDefault: true });
    policy('One');
    expect(errorOf(() => policy('Two'))).toBe('chart/Two: denyByDefault for namespace \'shop\' is already set by chart/One; set it once');
  });

  test('a port whose number at the pods is unknown', () => {
    const service = new ApiObject(chart, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
    const named = MeshService.fromService(chart, 'Web', service);
    expect(errorOf(() => new WorkloadAccess(chart, 'X', { service: named, mode: STRICT, ports: [80] })))
      .toMatch(/^chart\/X: port 80 of 'web' has the target port 'http', and Istio requires its number here; set targetPort of the Service to a number, or omit ports/);
  });

  test('a service whose pods are unknown', () => {
    const service = new MeshService(chart, 'Bare', { name: 'bare', ports: [ServicePort.http(80)] });
    expect(errorOf(() => new WorkloadAccess(chart, 'X', { service, mode: STRICT })))
      .toBe('chart/X: the pods of \'bare\' are unknown; set `selector` of the service, or create it with MeshService.fromService()');
  });

  test.each<[string, () => unknown, RegExp]>([
    ['neither mode nor callers', () => access('X', {}), /mode and callers are both missing; set at least one/],
    [
      'no callers',
      () => access('X', { callers: [] }),
      /callers is an empty list, which allows no caller; add a caller, or set denyByDefault in an AccessPolicy/,
    ],
    [
      'methods without callers',
      () => access('X', { mode: STRICT, methods: ['GET'] }),
      /methods is set without callers; set the callers that may use them/,
    ],
    [
      'identified callers without mutual TLS',
      () => access('X', { mode: DISABLE, callers: [web] }),
      /mode is DISABLE, and callers are identified only by mutual TLS; use STRICT or PERMISSIVE, or allow Caller\.anyone\(\)/,
    ],
    [
      'anyone together with other callers',
      () => access('X', { callers: [Caller.anyone(), web] }),
      /callers contains Caller\.anyone\(\), which includes all others; remove the others/,
    ],
    [
      'a method in lower case',
      () => access('X', { callers: [web], methods: ['get'] }),
      /methods contains 'get', which is not an HTTP method; write methods in upper case, such as 'GET'/,
    ],
    [
      'a regex as path',
      () => access('X', { callers: [web], paths: [StringMatch.regex('/a.*')] }),
      /paths contains the regex '\/a\.\*', which an AuthorizationPolicy does not support; use StringMatch\.exact\(\) or StringMatch\.prefix\(\)/,
    ],
    [
      'a path with a star',
      () => access('X', { callers: [web], paths: [StringMatch.exact('/a/*')] }),
      /paths contains '\/a\/\*', in which an AuthorizationPolicy does not read '\*' literally/,
    ],
    [
      'a path without slash',
      () => access('X', { callers: [web], paths: [StringMatch.exact('a')] }),
      /paths contains 'a', which does not start with '\/'/,
    ],
    [
      'paths on a TCP port',
      () => access('X', { callers: [web], paths: [StringMatch.exact('/a')], ports: [5432] }),
      /methods and paths apply only to HTTP ports, and port 5432 is not one; use one of 80, or omit methods and paths/,
    ],
    [
      'a port that the service does not have',
      () => access('X', { mode: STRICT, ports: [81] }),
      /port 81 is not a port of 'catalog'; use one of 80, 5432/,
    ],
    ['no ports', () => access('X', { mode: STRICT, ports: [] }), /ports is an empty list, which matches nothing/],
    [
      'an invalid service account',
      () => access('X', { callers: [Caller.serviceAccount('Web App')] }),
      /Caller\.serviceAccount 'Web App' is not a valid Kubernetes name/,
    ],
    ['an invalid namespace', () => access('X', { callers: [Caller.namespace('Shop')] }), /Caller\.namespace 'Shop' is not a DNS label/],
    [
      'an invalid identity',
      () => access('X', { callers: [Caller.principal('spiffe://a/ns/b/sa/c')] }),
      /Caller\.principal 'spiffe:\/\/a\/ns\/b\/sa\/c' is not an identity; use the form trust-domain\/ns\/namespace\/sa\/service-account, without spiffe:\/\/ and wildcards/,
    ],
    [
      'a policy of a workload',
      () => new AccessPolicy(chart, 'X', { scope: PolicyScope.workload({ app: 'web' }), mode: STRICT }),
      /the scope is a workload; use a WorkloadAccess of its service instead/,
    ],
    [
      'a policy without settings',
      () => new AccessPolicy(chart, 'X', { scope: PolicyScope.mesh() }),
      /mode and denyByDefault are both missing/,
    ],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/X: /);
    expect(error).toMatch(message);
  });
});

describe('errors at synth', () => {
  const unknown =
    'chart/Web allows callers at port 80, but chart/Plain sets mode DISABLE there, so callers have no identity; use STRICT or PERMISSIVE, limit them to different ports, or allow Caller.anyone()';

  test.each<[string, () => unknown]>([
    ['of the service', () => access('Plain', { mode: DISABLE })],
    ['of the port', () => access('Plain', { mode: DISABLE, ports: [80] })],
    ['of the namespace', () => new AccessPolicy(chart, 'Plain', { scope: PolicyScope.namespace(), mode: DISABLE })],
    ['of the mesh', () => new AccessPolicy(chart, 'Plain', { scope: PolicyScope.mesh(), mode: DISABLE })],
  ])('callers without an identity, because of the mode %s', (_, plain) => {
    access('Web', { callers: [web] });
    plain();
    expect(errorOf(() => manifests(chart))).toContain(unknown);
  });

  test('a narrower mode gives them an identity', () => {
    new AccessPolicy(chart, 'Plain', { scope: PolicyScope.mesh(), mode: DISABLE });
    access('Web', { callers: [web] });
    access('Mode', { mode: PERMISSIVE });
    expect(manifests(chart)).toHaveLength(3);
  });

  test('two services with the same pods', () => {
    const headless = new MeshService(chart, 'Headless', {
      name: 'catalog-headless',
      ports: [ServicePort.http(80)],
      selector: { app: 'catalog', tier: 'back' },
    });
    access('Mode', { mode: STRICT });
    new WorkloadAccess(chart, 'Other', { service: headless, mode: STRICT });
    expect(errorOf(() => manifests(chart))).toContain('the pods of \'catalog-headless\' are also those of \'catalog\' (chart/Catalog), '
      + 'which sets a mode too, and Istio applies only the older of two PeerAuthentications; set the modes for one of the services');
  });
});
