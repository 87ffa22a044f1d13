import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { ExposeOptions, HeaderOperations, IngressGatewayProps, WorkloadAccessProps } from 'cdk8s-istio';
import {
  AccessAction, AccessCondition, AccessPolicy, Audience, Caller, DarkLaunch, EgressGateway, ExternalDependency, IngressGateway, Listener,
  MeshService, MutualTlsMode, PolicyScope, PublicHost, RequestPolicy, Resolution, ServicePort, StringMatch, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/simulator';

let chart: Chart;
const gateway = Caller.gateway('ingress');

beforeEach(() => {
  chart = newChart();
});

describe('a service on a public host', () => {
  let catalog: MeshService;
  const host = (props: IngressGatewayProps = {}) =>
    new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway', props), host: 'shop.example.com' });
  const access = (id: string, props: Omit<WorkloadAccessProps, 'service'>) => new WorkloadAccess(chart, id, { service: catalog, ...props });
  const refused = () => errorOf(() => manifests(chart));

  beforeEach(() => {
    catalog = new MeshService(chart, 'Catalog', {
      name: 'catalog',
      ports: [ServicePort.http(80), ServicePort.http(9090)],
      selector: { app: 'catalog' },
    });
  });

  const LOCKED =
    "shop.example.com exposes port 80 of 'catalog', and chart/Readers allows only other callers, so Envoy denies everything that the gateway sends; ";
  const UNKNOWN = 'allows no Caller.gateway(), so Envoy denies everything that the gateway sends, unless the gateway is one of the other callers; ';

  test('whose callers leave out its gateway is an error', () => {
    new MeshService(chart, 'Reports', { name: 'reports', namespace: 'reports', ports: [ServicePort.http(80)] });
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers: [Caller.serviceAccount('web'), Caller.namespace('reports')] });
    expect(refused()).toContain(
      `shop.example.com exposes port 80 of 'catalog', and chart/Readers ${UNKNOWN}`
      + 'add Caller.gateway() to the callers of a WorkloadAccess, or set `identity` of the IngressGateway',
    );
  });

  test('is an error in the other order of statements too', () => {
    access('Readers', { callers: [Caller.serviceAccount('web')] });
    catalog.exposeVia(host(), { port: 80 });
    expect(refused()).toContain(`chart/Readers ${UNKNOWN}`);
  });

  describe('whose routes lead to another service', () => {
    let cart: MeshService;
    const toCart = (id: string) => (
      new TrafficRoute(chart, id, { service: catalog, matches: [{ uri: StringMatch.prefix('/cart') }], target: cart }));
    const cartAccess = (callers: Caller[]) => new WorkloadAccess(chart, 'CartReaders', { service: cart, callers });

    beforeEach(() => {
      cart = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(8080)], selector: { app: 'cart' } });
      new MeshService(chart, 'Reports', { name: 'reports', namespace: 'reports', ports: [ServicePort.http(80)] });
      catalog.exposeVia(host(), { port: 80 });
    });

    test.each<[string, () => void]>([
      ['by a route', () => void toCart('Route')],
      ['by a dark launch', () => void new DarkLaunch(chart, 'Testers', {
        service: catalog, matches: [{ headers: { 'x-tester': StringMatch.exact('yes') } }], target: cart,
      })],
    ])('%s is an error, if that one leaves out the gateway', (_, state) => {
      state();
      cartAccess([Caller.serviceAccount('web')]);
      expect(refused()).toContain("shop.example.com exposes port 80 of 'catalog', which routes requests to 'cart', and chart/CartReaders "
        + 'allows no Caller.gateway(), so Envoy denies everything that the gateway sends');
    });

    test('is not an error, if that one allows the gateway', () => {
      toCart('Route');
      cartAccess([Caller.serviceAccount('web'), gateway]);
      expect(find(chart, 'VirtualService', 'shop-example-com')).toBeDefined();
    });

    test('is not an error for routes of callers in the mesh', () => {
      new TrafficRoute(chart, 'Route', {
        service: catalog, matches: [{ uri: StringMatch.prefix('/cart') }], target: cart, audiences: [Audience.mesh()],
      });
      cartAccess([Caller.serviceAccount('web')]);
      expect(find(chart, 'VirtualService', 'shop-example-com')).toBeDefined();
    });

    test('is not an error, if that one allows the gateway at its own port', () => {
      toCart('Route');
      new WorkloadAccess(chart, 'Metrics', { service: cart, callers: [Caller.serviceAccount('web'), gateway], ports: [8080] });
      expect(find(chart, 'VirtualService', 'shop-example-com')).toBeDefined();
    });
  });

  test('whose gateway may call another port only is an error', () => {
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers: [Caller.serviceAccount('web')] });
    access('Edge', { callers: [gateway], ports: [9090] });
    expect(refused()).toContain(`chart/Readers ${UNKNOWN}`);
  });

  test.each<[string, Caller[]]>([
    ['its gateway', [Caller.serviceAccount('web'), gateway]], ['every workload', [Caller.anyWorkload()]], ['everybody', [Caller.anyone()]],
  ])('may allow %s', (_, callers) => {
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog');
  });

  test.each<[string, Caller]>([
    ['a service account', Caller.serviceAccount('edge', 'istio-ingress')], ['an identity', Caller.principal('cluster.local/ns/edge/sa/edge')],
    ['a namespace', Caller.namespace('istio-ingress')],
  ])('may allow %s of a namespace in which the App has no services, which may be that of its gateway', (_, caller) => {
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers: [Caller.serviceAccount('web'), caller] });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog');
  });

  test('may allow its gateway in a WorkloadAccess of its own, for the port', () => {
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers: [Caller.serviceAccount('web')] });
    access('Edge', { callers: [gateway], ports: [80] });
    expect(find(chart, 'AuthorizationPolicy').spec.rules).toHaveLength(2);
  });

  test('with a gateway of known identity has to allow that one', () => {
    catalog.exposeVia(host({ identity: Caller.gateway('edge', 'edge') }), { port: 80 });
    access('Readers', { callers: [gateway] });
    expect(refused()).toContain(`${LOCKED}add the gateway's identity, cluster.local/ns/edge/sa/edge, to the callers of a WorkloadAccess`);
  });

  test.each<[string, Caller]>([
    ['by its service account', Caller.serviceAccount('edge', 'edge')], ['by its namespace', Caller.namespace('edge')],
    ['by its identity', Caller.principal('cluster.local/ns/edge/sa/edge')],
  ])('with a gateway of known identity may allow it %s', (_, caller) => {
    catalog.exposeVia(host({ identity: Caller.gateway('edge', 'edge') }), { port: 80 });
    access('Readers', { callers: [caller] });
    expect(manifests(chart)).toHaveLength(3);
  });

  const IDENTITY = Caller.gateway('edge', 'edge');
  const deny = AccessAction.deny();
  const DENIES = "shop.example.com exposes port 80 of 'catalog', and chart/Deny denies its gateway, so Envoy denies everything that the gateway sends";

  test.each<[string, () => unknown]>([
    ['the service excepts other callers', () => access('Deny', { action: deny, except: { callers: [Caller.serviceAccount('web')] } })],
    ['its namespace', () => new AccessPolicy(chart, 'Deny', { scope: PolicyScope.namespace(), action: deny, callers: [Caller.namespace('edge')] })],
    ['its namespace, except other callers', () =>
      new AccessPolicy(chart, 'Deny', { scope: PolicyScope.namespace(), action: deny, except: { callers: [Caller.namespace('shop')] } })],
    ['the mesh', () => new AccessPolicy(chart, 'Deny', { scope: PolicyScope.mesh(), action: deny, callers: [IDENTITY] })],
  ])('whose gateway is denied is an error: %s', (_, state) => {
    catalog.exposeVia(host({ identity: IDENTITY }), { port: 80 });
    state();
    expect(refused()).toContain(`${DENIES}; except the gateway from what is denied`);
  });

  test('that denies all but callers of the App, for a gateway of unknown identity, is an error', () => {
    catalog.exposeVia(host(), { port: 80 });
    access('Deny', { action: deny, except: { callers: [Caller.serviceAccount('web')] } });
    expect(refused()).toContain(`${DENIES}, unless the gateway is one of the excepted callers; except the gateway from what is denied, or set \`identity\` of the IngressGateway`);
  });

  test.each<[string, WorkloadAccessProps['except']]>([
    ['its gateway', { callers: [gateway] }], ['every workload', { callers: [Caller.anyWorkload()] }],
    ['a namespace in which the App has no services', { callers: [Caller.namespace('edge')] }],
    ['a path of all callers', { paths: [StringMatch.exact('/health')] }],
  ])('may deny all but %s', (_, except) => {
    catalog.exposeVia(host(), { port: 80 });
    access('Deny', { action: deny, except });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog.deny');
  });

  test('of TCP is locked in the same way', () => {
    const redis = new MeshService(chart, 'Redis', { name: 'redis', ports: [ServicePort.tcp(6379)], selector: { app: 'redis' } });
    redis.exposeVia(host({ listeners: [Listener.tcp(6379)] }));
    new WorkloadAccess(chart, 'Readers', { service: redis, callers: [Caller.serviceAccount('web')] });
    expect(refused()).toContain('shop.example.com exposes port 6379 of \'redis\', and chart/Readers allows no Caller.gateway()');
  });

  test.each([
    ['namespace', PolicyScope.namespace()],
    ['mesh', PolicyScope.mesh()],
  ])('in a %s that denies all callers has to allow its gateway', (name, scope) => {
    catalog.exposeVia(host(), { port: 80 });
    new AccessPolicy(chart, 'Closed', { scope, denyByDefault: true });
    expect(refused()).toContain(
      'and chart/Closed denies all callers, so Envoy denies everything that the gateway sends; add Caller.gateway()',
    );
    access('Edge', { callers: [gateway] });
    if (name === 'mesh') letClientsIn();
    expect(manifests(chart).map(({ kind }) => kind)).toContain('AuthorizationPolicy');
  });

  const NOTHING = "shop.example.com exposes port 80 of 'catalog', and nothing that its gateway sends for shop.example.com meets ";
  const clientIn = () => Mesh.fromChart(chart, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80, 9090] }] })
    .gateway({ namespace: 'istio-system', labels: { istio: 'ingressgateway' } });

  test.each<[string, Omit<WorkloadAccessProps, 'service'>, ExposeOptions, string]>([
    ['hosts of the mesh', { hosts: ['catalog.shop'] }, {}, '`hosts` of chart/Edge'],
    ['a host that the exposure excepts', { except: { hosts: ['shop.example.com'] } }, {}, '`except.hosts` of chart/Edge'],
    ['paths that are not exposed', { paths: [StringMatch.prefix('/admin')] }, { pathPrefix: '/catalog' }, '`paths` of chart/Edge'],
    ['paths before they are rewritten', { paths: [StringMatch.prefix('/catalog')] }, { pathPrefix: '/catalog', rewrite: '/v1' }, '`paths` of chart/Edge'],
    ['the excepted paths that are exposed', { except: { paths: [StringMatch.prefix('/catalog')] } }, { pathPrefix: '/catalog' }, '`except.paths` of chart/Edge'],
    ['the host as a header', { when: [AccessCondition.header('host', [StringMatch.exact('catalog')])] }, {}, '`when (request.headers[host])` of chart/Edge'],
    ['the server name of clients', { when: [AccessCondition.serverName([StringMatch.exact('shop.example.com')])] }, {}, '`when (connection.sni)` of chart/Edge'],
  ])('that allows its gateway only %s is an error', (_, props, options, what) => {
    catalog.exposeVia(host(), { port: 80, ...options });
    access('Edge', { callers: [gateway], ...props });
    expect(refused()).toContain(`${NOTHING}${what}, so Envoy denies everything that the gateway sends; change the condition, or allow the gateway in another WorkloadAccess`);
  });

  test.each<[string, HeaderOperations, AccessCondition, boolean]>([
    ['a header that the routes remove', { remove: ['x-team'] }, AccessCondition.header('x-team', [StringMatch.present()]), true],
    ['another value than the routes set', { set: { 'x-team': 'a' } }, AccessCondition.header('x-team', [StringMatch.exact('b')]), true],
    ['no value that the routes set', { set: { 'x-team': 'a' } }, AccessCondition.header('X-Team', [StringMatch.prefix('a')]).negated(), true],
    ['the value that the routes set', { set: { 'x-team': 'a' } }, AccessCondition.header('x-team', [StringMatch.exact('a')]), false],
    ['no header, which the routes remove', { remove: ['x-team'] }, AccessCondition.header('x-team', [StringMatch.present()]).negated(), false],
    ['a value that the routes compute', { set: { 'x-team': '%REQ(x-a)%' } }, AccessCondition.header('x-team', [StringMatch.exact('b')]), false],
  ])('that allows its gateway only with %s', (_, request, condition, isLocked) => {
    catalog.exposeVia(host(), { port: 80 });
    new RequestPolicy(chart, 'Headers', { service: catalog, headers: { request } });
    access('Edge', { callers: [gateway], when: [condition] });
    if (isLocked) expect(refused()).toContain(NOTHING);
    else expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog');
  });

  test.each<[string, Omit<WorkloadAccessProps, 'service'>, ExposeOptions]>([
    ['hosts with a wildcard', { hosts: ['*.example.com'] }, {}],
    ['its host on a port', { hosts: ['shop.example.com:8443'] }, {}],
    ['some of its paths', { paths: [StringMatch.exact('/catalog/a')] }, { pathPrefix: '/catalog' }],
    ['a template of paths', { pathTemplates: ['/{*}/a'] }, { pathPrefix: '/catalog' }],
    ['the rewritten path', { paths: [StringMatch.exact('/v1')] }, { pathPrefix: '/catalog', rewrite: '/v1' }],
    ['a header of clients', { when: [AccessCondition.header('x-team', [StringMatch.exact('a')])] }, {}],
    ['addresses', { ipBlocks: ['10.0.0.0/8'] }, {}],
    ['an audience of tokens', { when: [AccessCondition.audience([StringMatch.exact('shop')])] }, {}],
  ])('may allow its gateway only with %s', (_, props, options) => {
    catalog.exposeVia(host(), { port: 80, ...options });
    access('Edge', { callers: [gateway], ...props });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog');
  });

  test('with a route that rewrites its host is allowed with the rewritten one', () => {
    catalog.exposeVia(host(), { port: 80 });
    new TrafficRoute(chart, 'All', { service: catalog, matches: [{ uri: StringMatch.prefix('/') }], rewrite: { authority: 'catalog.shop' } });
    access('Edge', { callers: [gateway], hosts: ['catalog.shop'] });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog');
    expect(clientIn().get('http://shop.example.com/').outcome).not.toBe('denied');
  });

  test('whose route takes the path away that the rules of its pods allow is an error', () => {
    catalog.exposeVia(host(), { port: 80, pathPrefix: '/api' });
    new TrafficRoute(chart, 'Api', { service: catalog, matches: [{ uri: StringMatch.prefix('/api') }], rewrite: { uri: '/v1' } });
    access('Edge', { callers: [gateway], paths: [StringMatch.exact('/api'), StringMatch.prefix('/api/')] });
    expect(refused()).toContain('nothing that its gateway sends for shop.example.com meets `paths` of chart/Edge');
  });

  test('whose gateway answers all requests itself may leave out its gateway', () => {
    catalog.exposeVia(host(), { port: 80 });
    new TrafficRoute(chart, 'Moved', { service: catalog, matches: [{ uri: StringMatch.prefix('/') }], redirect: { authority: 'new.example.com' } });
    access('Readers', { callers: [Caller.serviceAccount('web')] });
    expect(clientIn().get('http://shop.example.com/').outcome).toBe('redirected');
  });

  test('whose host the service denies is an error, and one of several paths is not', () => {
    catalog.exposeVia(host(), { port: 80, pathPrefix: '/catalog' });
    access('Deny', { action: AccessAction.deny(), paths: [StringMatch.prefix('/catalog/old')], ports: [80] });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('catalog.deny');
    access('Off', { action: AccessAction.deny(), hosts: ['shop.example.com'], ports: [80] });
    expect(refused()).toContain("exposes port 80 of 'catalog', and chart/Off denies all requests of shop.example.com, so Envoy denies everything that the gateway sends");
  });

  test('whose paths two statements deny together is an error', () => {
    catalog.exposeVia(host(), { port: 80, pathPrefix: '/catalog' });
    access('Root', { action: AccessAction.deny(), paths: [StringMatch.exact('/catalog')], ports: [80] });
    access('Below', { action: AccessAction.deny(), paths: [StringMatch.prefix('/catalog/')], ports: [80] });
    expect(refused()).toContain('and chart/Below, chart/Root deny all requests of shop.example.com');
  });

  test('whose gateway another service of the same pods allows is open', () => {
    const admin = new MeshService(chart, 'Admin', { name: 'admin', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
    catalog.exposeVia(host(), { port: 80 });
    access('Readers', { callers: [Caller.serviceAccount('web')] });
    new WorkloadAccess(chart, 'Edge', { service: admin, callers: [gateway] });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('Gateway');
  });

  test('whose gateway a namespace allows only on other ports of pods is an error', () => {
    catalog.exposeVia(host(), { port: 80 });
    new AccessPolicy(chart, 'Metrics', { scope: PolicyScope.namespace(), callers: [gateway], containerPorts: [9999] });
    expect(refused()).toContain("exposes port 80 of 'catalog', and chart/Metrics ");
  });

  test('of TCP whose gateway is allowed only with methods is an error, because Envoy sees no requests', () => {
    const redis = new MeshService(chart, 'Redis', { name: 'redis', ports: [ServicePort.tcp(6379)], selector: { app: 'redis' } });
    redis.exposeVia(host({ listeners: [Listener.tcp(6379)] }));
    new AccessPolicy(chart, 'Readers', { scope: PolicyScope.namespace(), callers: [gateway], methods: ['GET'] });
    expect(refused()).toContain("exposes port 6379 of 'redis', and nothing that its gateway sends for shop.example.com meets `methods` of chart/Readers");
  });

  const letClientsIn = (callers = [Caller.anyone()]) =>
    new WorkloadAccess(chart, 'Clients', { gateway: chart.node.findChild('Gateway') as IngressGateway, callers, methods: ['GET'] });
  const LETS_NOBODY_IN = "so Envoy denies everything that clients of the gateway 'gateway' send; ";

  test.each<[string, () => unknown, string]>([
    ['all callers of the mesh are denied', () => new AccessPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), denyByDefault: true }),
      `chart/Closed denies all callers of the mesh, ${LETS_NOBODY_IN}add a WorkloadAccess for the gateway with Caller.anyone()`],
    ['the mesh allows only its workloads', () => new AccessPolicy(chart, 'Inside', { scope: PolicyScope.mesh(), callers: [Caller.anyWorkload()] }),
      `chart/Inside allows only callers with an identity, which clients do not have, ${LETS_NOBODY_IN}`],
    ['it denies all callers', () =>
      new WorkloadAccess(chart, 'Off', { gateway: chart.node.findChild('Gateway') as IngressGateway, action: AccessAction.deny(), callers: [Caller.anyone()] }),
    `chart/Off denies all callers, ${LETS_NOBODY_IN}`],
  ])('whose gateway lets no client in is an error: %s', (_, state, message) => {
    catalog.exposeVia(host(), { port: 80 });
    access('Edge', { callers: [gateway] });
    state();
    expect(refused()).toContain(message);
  });

  const atGateway = (id: string, props: Omit<WorkloadAccessProps, 'gateway'>) =>
    new WorkloadAccess(chart, id, { gateway: chart.node.findChild('Gateway') as IngressGateway, ...props });

  test('whose gateway allows only other hosts is an error', () => {
    catalog.exposeVia(host(), { port: 80 });
    atGateway('Clients', { callers: [Caller.anyone()], hosts: ['shop.example.org'] });
    expect(refused()).toContain('chart/Gateway: nothing that clients send for shop.example.com meets `hosts` of chart/Clients, '
      + 'so Envoy denies everything that clients send for shop.example.com');
  });

  test('whose gateway is in a namespace that denies all callers is an error', () => {
    catalog.exposeVia(host({ identity: IDENTITY }), { port: 80 });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace('edge'), denyByDefault: true });
    expect(refused()).toContain(`chart/Closed denies all callers, ${LETS_NOBODY_IN}add a WorkloadAccess for the gateway with Caller.anyone()`);
    atGateway('Clients', { callers: [Caller.anyone()], hosts: ['shop.example.com'] });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('AuthorizationPolicy');
  });

  const policy = (spec: object, namespace: string) =>
    new ApiObject(chart, 'Policy', { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'own', namespace }, ...{ spec } });
  const gatewayService = (namespace: string) => new MeshService(chart, 'Pods', {
    name: 'ingress', namespace, ports: [ServicePort.http(80), ServicePort.http(15021)], selector: { istio: 'ingressgateway' },
  });

  test.each<[string, () => unknown]>([
    ['the namespace of its pods', () => new AccessPolicy(chart, 'Open', { scope: PolicyScope.namespace('edge'), callers: [Caller.anyone()] })],
    ['the Service of its pods', () => new WorkloadAccess(chart, 'Open', { service: gatewayService('edge'), callers: [Caller.anyone()] })],
    ['another IngressGateway of its pods', () => {
      const other = new IngressGateway(chart, 'Other', { selector: { istio: 'ingressgateway', app: 'ingress' } });
      catalog.exposeVia(new PublicHost(chart, 'OtherHost', { gateway: other, host: 'other.example.com' }), { port: 80 });
      new WorkloadAccess(chart, 'Open', { gateway: chart.node.findChild('Gateway') as IngressGateway, callers: [Caller.anyone()] });
    }],
    ['a hand-written policy', () => policy({ selector: { matchLabels: { istio: 'ingressgateway' } }, rules: [{}] }, 'istio-system')],
  ])('whose gateway may let clients in, in a mesh that denies all others, is accepted: %s', (_, state) => {
    catalog.exposeVia(host(), { port: 80 });
    access('Edge', { callers: [gateway] });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), denyByDefault: true });
    state();
    expect(manifests(chart).map(({ kind }) => kind)).toContain('Gateway');
  });

  test('whose gateway denies everybody on another port lets clients in', () => {
    catalog.exposeVia(host(), { port: 80 });
    new WorkloadAccess(chart, 'NoStatus', {
      service: gatewayService('istio-system'), action: AccessAction.deny(), callers: [Caller.anyone()], ports: [15021],
    });
    expect(find(chart, 'AuthorizationPolicy').metadata.name).toBe('ingress.deny');
  });

  test.each<[string, string, object]>([
    ['of another namespace', 'other', { rules: [{}] }], ['that denies', 'shop', { action: 'DENY', rules: [{ to: [{ operation: { ports: ['22'] } }] }] }],
    ['without rules', 'shop', {}],
  ])('in a namespace that denies all callers is an error beside a hand-written policy %s', (_, namespace, spec) => {
    catalog.exposeVia(host(), { port: 80 });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace(), denyByDefault: true });
    policy(spec, namespace);
    expect(refused()).toContain('so Envoy denies everything that the gateway sends; add Caller.gateway() to the callers of a WorkloadAccess');
    expect(refused()).not.toContain('set `identity`');
  });

  test('in a namespace that denies all callers may be open to its gateway by a hand-written policy', () => {
    catalog.exposeVia(host(), { port: 80 });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace(), denyByDefault: true });
    policy({ rules: [{}] }, 'shop');
    expect(manifests(chart).map(({ kind }) => kind)).toContain('Gateway');
  });

  test('whose gateway lets clients in, in a mesh that denies all others, answers them', () => {
    catalog.exposeVia(host(), { port: 80 });
    access('Edge', { callers: [gateway] });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), denyByDefault: true });
    letClientsIn();
    const clients = Mesh.fromChart(chart, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] })
      .gateway({ namespace: 'istio-system', labels: { istio: 'ingressgateway' } });
    expect(clients.get('http://shop.example.com/').outcome).not.toBe('denied');
    expect(clients.request('PUT', 'http://shop.example.com/').outcome).toBe('denied');
  });

  test('in another namespace than the one that denies all callers stays open', () => {
    catalog.exposeVia(host(), { port: 80 });
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace('other'), denyByDefault: true });
    new WorkloadAccess(chart, 'Strict', { service: catalog, mode: MutualTlsMode.STRICT });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('PeerAuthentication');
  });

  test.each<[string, Caller]>([
    ['a namespace', Caller.namespace('edge')],
    ['every workload', Caller.anyWorkload()],
    ['everybody', Caller.anyone()],
  ])(
    'has a gateway whose identity cannot be %s', (_, identity) => {
      expect(() => host({ identity })).toThrow(
        "chart/Gateway: identity is more than one workload; use Caller.gateway() with the service account of the gateway's pods",
      );
    });
});

describe('an egress gateway', () => {
  let egress: EgressGateway;
  const dependency = (id: string, ports: ServicePort[]) => {
    const api = new ExternalDependency(chart, id, { hosts: [`${id.toLowerCase()}.example.com`], ports, resolution: Resolution.DNS });
    api.leaveVia(egress);
    return api;
  };
  const access = (id: string, props: Omit<WorkloadAccessProps, 'service'>) => new WorkloadAccess(chart, id, { service: egress, ...props });
  const payment = Caller.serviceAccount('payment', 'shop');

  beforeEach(() => {
    egress = new EgressGateway(chart, 'Egress');
  });

  test('lets only payment leave', () => {
    dependency('Api', [ServicePort.http(80)]);
    access('OnlyPayment', { callers: [payment], methods: ['POST'], paths: [StringMatch.prefix('/charges')] });
    expect(find(chart, 'AuthorizationPolicy')).toMatchObject({
      metadata: { name: 'istio-egressgateway', namespace: 'istio-system' },
      spec: {
        selector: { matchLabels: { istio: 'egressgateway' } },
        action: 'ALLOW',
        rules: [{
          from: [{ source: { principals: ['cluster.local/ns/shop/sa/payment'] } }],
          to: [{ operation: { methods: ['POST'], paths: ['/charges*'] } }],
        }],
      },
    });
  });

  test.each<[string, Omit<WorkloadAccessProps, 'service'>, string]>([
    ['a mode', { mode: MutualTlsMode.STRICT }, 'mode is set for the egress gateway \'istio-egressgateway\', where Istio has no PeerAuthentication; '
      + 'set `mutualTls` of the EgressGateway'],
    [
      'ports',
      { callers: [payment], ports: [80] },
      "ports is set for the egress gateway 'istio-egressgateway', which has no ports of a service; use containerPorts",
    ],
    ['a caller without a namespace', {
      callers: [Caller.serviceAccount('payment')],
    }, 'a Caller.serviceAccount() has no namespace, and the egress gateway '
      + '\'istio-egressgateway\' would complete it with its own, \'istio-system\'; set the namespace of the caller'],
  ])('refuses %s', (_, props, message) => {
    expect(() => access('X', props)).toThrow(new Error(`chart/X: ${message}`));
  });

  test('refuses callers of connections that they encrypt themselves, at synth', () => {
    dependency('Api', [ServicePort.tls(443)]);
    access('OnlyPayment', { callers: [payment] });
    expect(
      errorOf(() => manifests(chart)),
    ).toContain('chart/OnlyPayment sets callers of the egress gateway, and callers of api.example.com encrypt their connections '
      + 'themselves, so they have no identity at the gateway');
  });

  test('refuses callers without mutual TLS, at synth', () => {
    egress = new EgressGateway(chart, 'Plain', { serviceName: 'plain', mutualTls: false });
    dependency('Api', [ServicePort.http(80)]);
    access('OnlyPayment', { callers: [payment] });
    expect(errorOf(() => manifests(chart))).toContain(
      'chart/OnlyPayment sets callers of the egress gateway, and mutualTls is false, so callers have no identity',
    );
  });

  const closed = (scope: PolicyScope) => new AccessPolicy(chart, 'Closed', { scope, denyByDefault: true });
  const NO_CALLER_LEAVES = "denies all callers, so Envoy denies everything that clients of the gateway 'own' send; "
    + 'add a WorkloadAccess with this EgressGateway as `service`, and the callers that may leave';

  test.each<[string, () => PolicyScope, string]>([
    ['the mesh', () => PolicyScope.mesh(), 'istio-system'], ['its namespace', () => PolicyScope.namespace('egress'), 'egress'],
  ])('that no caller may use, because %s denies all callers, is an error', (_, scope, namespace) => {
    egress = new EgressGateway(chart, 'Own', { namespace, name: 'own', serviceName: 'own' });
    chart.node.tryRemoveChild('Egress');
    dependency('Api', [ServicePort.http(80)]);
    closed(scope());
    expect(errorOf(() => manifests(chart))).toContain(`chart/Own: chart/Closed ${NO_CALLER_LEAVES}`);
    access('Leaves', { callers: [payment] });
    expect(manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy')).toHaveLength(2);
  });

  test('that lets callers leave in a mesh that denies all others may be opened by the mesh', () => {
    dependency('Api', [ServicePort.http(80)]);
    closed(PolicyScope.mesh());
    new AccessPolicy(chart, 'Inside', { scope: PolicyScope.mesh(), callers: [Caller.anyWorkload()] });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('Gateway');
  });

  test('whose connections have no identity is an error where the mesh allows only its workloads', () => {
    dependency('Api', [ServicePort.tls(443)]);
    new AccessPolicy(chart, 'Inside', { scope: PolicyScope.mesh(), callers: [Caller.anyWorkload()] });
    expect(errorOf(() => manifests(chart))).toContain('chart/Egress: chart/Inside allows only callers with an identity, which clients do not have');
  });

  test('that allows only one of its hosts is an error about the others', () => {
    dependency('Api', [ServicePort.http(80)]);
    dependency('Bank', [ServicePort.http(80)]);
    access('OnlyApi', { callers: [payment], hosts: ['api.example.com'] });
    expect(errorOf(() => manifests(chart))).toContain('chart/Egress: nothing that clients send for bank.example.com meets `hosts` of chart/OnlyApi, '
      + 'so Envoy denies everything that clients send for bank.example.com');
    access('OnlyBank', { callers: [payment], when: [AccessCondition.serverName([StringMatch.exact('bank.example.com')])] });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('AuthorizationPolicy');
  });

  test('is the only target outside of the workloads of an App: a dependency has no proxy that enforces access', () => {
    const api = dependency('Api', [ServicePort.http(80)]);
    expect(() => new WorkloadAccess(chart, 'X', { service: api, callers: [payment] })).toThrow(new Error(
      'chart/X: \'api.example.com\' has no proxy that could enforce access; use a MeshService or an EgressGateway'));
  });
});
