import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { IngressGatewayProps, WorkloadAccessProps } from 'cdk8s-istio';
import {
  AccessAction, AccessPolicy, Caller, EgressGateway, ExternalDependency, IngressGateway, Listener, MeshService, MutualTlsMode, PolicyScope,
  PublicHost, Resolution, ServicePort, StringMatch, WorkloadAccess,
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

  test('is the only target outside of the workloads of an App: a dependency has no proxy that enforces access', () => {
    const api = dependency('Api', [ServicePort.http(80)]);
    expect(() => new WorkloadAccess(chart, 'X', { service: api, callers: [payment] })).toThrow(new Error(
      'chart/X: \'api.example.com\' has no proxy that could enforce access; use a MeshService or an EgressGateway'));
  });
});
