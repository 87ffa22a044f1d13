import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { AccessPolicyProps } from 'cdk8s-istio';
import {
  AccessAction, AccessLogging, AccessPolicy, Caller, EgressPolicy, IngressGateway, MeshService, MutualTlsMode, OutboundTrafficMode,
  PolicyScope, PublicHost, ServicePort, StringMatch, TokenAuthentication, Tracing, TrafficDefaults, TrafficRoute,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

const GATEWAY = 'gateway.networking.k8s.io';
const ISSUER = 'https://issuer.example.com';
const KEYS = '{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}';
const deny = AccessAction.deny();
const web = Caller.serviceAccount('web');
const scope = PolicyScope.waypoint('wp');

let chart: Chart;
const policy = (id: string, props: Omit<AccessPolicyProps, 'scope'>) => new AccessPolicy(chart, id, { scope, ...props });
/** What the waypoint says to a caller of the namespace shop. */
const as = (serviceAccount: string) => Mesh.fromChart(chart).waypoint({ namespace: 'shop', name: 'wp' }).as({ namespace: 'shop', serviceAccount });

function object(id: string, kind: string, metadata: { name: string; labels?: { [key: string]: string } }, spec?: object, apiVersion = 'v1') {
  const added = new ApiObject(chart, id, { apiVersion, kind, metadata });
  if (spec) added.addJsonPatch(JsonPatch.add('/spec', spec));
}

beforeEach(() => {
  chart = newChart();
  object('Namespace', 'Namespace', { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' } });
  object('Waypoint', 'Gateway', { name: 'wp' }, {
    gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
  }, `${GATEWAY}/v1`);
  object('Service', 'Service', { name: 'catalog' }, { selector: { app: 'catalog' }, ports: [{ name: 'http', port: 80, targetPort: 3000 }] });
});

describe('a policy of a waypoint', () => {
  test('names its Gateway, and the waypoint denies the callers that it does not allow', () => {
    policy('Readers', { callers: [web], methods: ['GET'] });
    expect(find(chart, 'AuthorizationPolicy')).toMatchObject({
      metadata: { name: 'wp', namespace: 'shop' },
      spec: { targetRefs: [{ group: GATEWAY, kind: 'Gateway', name: 'wp' }], action: 'ALLOW' },
    });
    expect(find(chart, 'AuthorizationPolicy').spec.selector).toBeUndefined();
    expect(as('web').get('http://catalog/items')).toBeAllowed();
    expect(as('web').request('POST', 'http://catalog/items')).toBeDenied();
    expect(as('jobs').get('http://catalog/items')).toBeDenied();
  });

  test('denies requests that another one allows, at the port of the service', () => {
    policy('Readers', { callers: [web] });
    policy('NoAdmin', { action: deny, paths: [StringMatch.prefix('/admin')], containerPorts: [80] });
    expect(as('web').get('http://catalog/items')).toBeAllowed();
    expect(as('web').get('http://catalog/admin')).toBeDenied({ by: 'shop/wp.deny' });
  });

  test('denies by default all callers that no other policy of the waypoint allows', () => {
    policy('Closed', { denyByDefault: true });
    expect(as('web').get('http://catalog/')).toBeDenied();
    policy('Web', { callers: [web] });
    expect(as('web').get('http://catalog/')).toBeAllowed();
    expect(as('jobs').get('http://catalog/')).toBeDenied();
  });

  test('in another namespace is rendered there', () => {
    new AccessPolicy(chart, 'Far', { scope: PolicyScope.waypoint('far', 'infra'), callers: [web] });
    expect(find(chart, 'AuthorizationPolicy')).toMatchObject({
      metadata: { name: 'far', namespace: 'infra' },
      spec: { rules: [{ from: [{ source: { principals: ['cluster.local/ns/infra/sa/web'] } }] }] },
    });
  });

  test('verifies tokens', () => {
    new TokenAuthentication(chart, 'Tokens', { scope, issuer: ISSUER, jwks: KEYS });
    policy('TokenRequired', { action: deny, except: { requestPrincipals: ['*'] }, containerPorts: [80] });
    expect(find(chart, 'RequestAuthentication')).toMatchObject({
      metadata: { name: 'wp' }, spec: { targetRefs: [{ group: GATEWAY, kind: 'Gateway', name: 'wp' }] },
    });
    expect(as('web').get('http://catalog/')).toBeDenied();
    expect(as('web').withToken({ iss: ISSUER, sub: 'ada' }).get('http://catalog/')).toBeAllowed();
  });
});

describe('statements of several teams about a waypoint', () => {
  const STATEMENTS: { readonly [id: string]: Omit<AccessPolicyProps, 'scope'> } = {
    Web: { callers: [web] },
    Jobs: { callers: [Caller.serviceAccount('jobs')], methods: ['GET'] },
    Closed: { denyByDefault: true },
    NoAdmin: { action: deny, paths: [StringMatch.prefix('/admin')], containerPorts: [80] },
    NoPurge: { action: deny, methods: ['PURGE'], containerPorts: [80] },
  };
  const rendered = (ids: readonly string[]) => {
    chart = newChart();
    for (const id of ids) policy(id, STATEMENTS[id]);
    return JSON.stringify(manifests(chart));
  };

  test('become one object per action, whatever their order', () => {
    const ids = Object.keys(STATEMENTS);
    const expected = rendered(ids);
    expect(manifests(chart).map(({ metadata }) => metadata.name).sort()).toEqual(['wp', 'wp.deny']);
    ids.forEach((_, place) => expect(rendered([...ids.slice(place), ...ids.slice(0, place)])).toBe(expected));
    expect(rendered([...ids].reverse())).toBe(expected);
  });

  test.each(['Allows', 'Denies'])('that contradict each other are an error of the later one, %s', late => {
    const add = (id: string) => policy(id, id === 'Allows' ? { callers: [web], methods: ['GET'] } : { action: deny, callers: [web] });
    add(late === 'Allows' ? 'Denies' : 'Allows');
    expect(errorOf(() => add(late))).toBe(late === 'Allows'
      ? 'chart/Allows: chart/Denies denies everything that it allows; remove one of them, or limit what is denied'
      : 'chart/Denies: it denies everything that chart/Allows allows; remove one of them, or limit what is denied');
  });

  test('that deny together everything that another one allows are an error', () => {
    policy('Allows', { callers: [web], methods: ['GET', 'POST'] });
    policy('One', { action: deny, methods: ['GET'], containerPorts: [80] });
    expect(errorOf(() => policy('Two', { action: deny, callers: [web] }))).toContain('chart/Two: it denies everything that chart/Allows allows');
    policy('Others', { action: deny, callers: [Caller.serviceAccount('jobs')] });
  });

  test('do not contradict those of pods or of another waypoint', () => {
    policy('Web', { callers: [web] });
    new AccessPolicy(chart, 'Pods', { scope: PolicyScope.namespace(), action: deny, callers: [web] });
    new AccessPolicy(chart, 'Mesh', { scope: PolicyScope.mesh(), action: deny, callers: [Caller.namespace('shop')] });
    new AccessPolicy(chart, 'Other', { scope: PolicyScope.waypoint('other'), action: deny, callers: [web] });
    expect(manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort())
      .toEqual(['istio-system/default.deny', 'shop/default.deny', 'shop/other.deny', 'shop/wp']);
  });

  test('set one name, and deny by default once', () => {
    policy('Web', { callers: [web], name: 'shop' });
    expect(errorOf(() => policy('Jobs', { callers: [Caller.serviceAccount('jobs')], name: 'jobs' }))).toBe(
      "chart/Jobs: name 'jobs' differs from 'shop', which chart/Web sets for the AuthorizationPolicy of the waypoint 'wp' in namespace 'shop'; "
      + 'use one name');
    policy('Closed', { denyByDefault: true });
    expect(errorOf(() => policy('Again', { denyByDefault: true }))).toBe(
      "chart/Again: denyByDefault for the waypoint 'wp' in namespace 'shop' is already set by chart/Closed; set it once");
  });
});

describe('a waypoint', () => {
  test('has no mode of mutual TLS', () => {
    expect(errorOf(() => policy('Strict', { mode: MutualTlsMode.STRICT }))).toBe(
      "chart/Strict: mode is set for the waypoint 'wp' in namespace 'shop', and no PeerAuthentication applies to waypoints; "
      + 'set the mode of a namespace');
  });

  test('denies by fields of requests only at known ports', () => {
    expect(errorOf(() => policy('NoAdmin', { action: deny, paths: [StringMatch.exact('/admin')] }))).toBe(
      'chart/NoAdmin: paths is about requests, and Istio would deny each connection without HTTP; '
      + 'set containerPorts to the HTTP ports of the services that the waypoint serves');
  });

  test.each(['', 'Shop', 'a.b'])('has a name that is a DNS label, not %j', name => {
    expect(errorOf(() => new AccessPolicy(chart, 'Web', { scope: PolicyScope.waypoint(name), callers: [web] })))
      .toMatch(new RegExp(`^chart/Web: the name of the waypoint .*'${name}'`));
  });

  test('has a namespace', () => {
    const bare = new Chart(new App(), 'bare');
    expect(errorOf(() => new AccessPolicy(bare, 'Web', { scope, callers: [web] }))).toBe(
      "bare/Web: the scope 'waypoint' has no namespace; set it in the scope or on the chart");
  });

  test.each<[string, () => unknown]>([
    ['AccessLogging', () => new AccessLogging(chart, 'Other', { scope })],
    ['Tracing', () => new Tracing(chart, 'Other', { scope, provider: 'zipkin' })],
    ['EgressPolicy', () => new EgressPolicy(chart, 'Other', { scope, mode: OutboundTrafficMode.REGISTRY_ONLY })],
    ['TrafficDefaults', () => new TrafficDefaults(chart, 'Other', { scope, retries: { attempts: 1 } })],
  ])('is not a scope of %s', (_, add) => {
    expect(errorOf(add)).toBe("chart/Other: the scope is the waypoint 'wp', and only AccessPolicy and TokenAuthentication apply to waypoints; "
      + 'use another scope');
  });

  test('that denies everyone or verifies tokens changes nothing for gateways', () => {
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
    policy('Closed', { denyByDefault: true });
    expect(manifests(chart).map(({ kind }) => kind)).toContain('VirtualService');
    new TokenAuthentication(chart, 'Tokens', { scope, issuer: ISSUER, jwks: KEYS });
    new TrafficRoute(chart, 'Testers', { service: catalog, target: catalog, matches: [{ claims: { groups: StringMatch.exact('testers') } }] });
    expect(errorOf(() => manifests(chart))).toContain("nothing verifies tokens at the gateway 'gateway' of shop.example.com");
  });
});
