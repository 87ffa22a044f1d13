import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { HttpMatch } from 'cdk8s-istio';
import {
  Audience, Caller, DarkLaunch, DelegatedHost, IngressGateway, MeshService, PolicyScope, PublicHost, StringMatch, TokenAuthentication,
  TrafficRoute,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

const KEYS = '{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}';
const ISSUER = 'https://issuer.example.com';
const admins = { groups: StringMatch.exact('admins') };

let chart: Chart;
let catalog: MeshService;
let gateway: IngressGateway;
const tokens = () => new TokenAuthentication(chart, 'Tokens', { gateway, issuer: ISSUER, jwks: KEYS });
const expose = () => catalog.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }));
const route = (...matches: HttpMatch[]) => new TrafficRoute(chart, 'It', { service: catalog, target: catalog.subset('v2'), matches });
/** The version of catalog that a request from outside gets, with a token of these claims. */
function version(claims?: object): string | undefined {
  const outside = Mesh.fromChart(chart).gateway();
  return (claims ? outside.withToken({ iss: ISSUER, ...claims }) : outside).get('http://shop.example.com/').split[0].subset;
}

beforeEach(() => {
  chart = newChart();
  const ports = [{ name: 'http', port: 80, targetPort: 3000 }];
  const service = new ApiObject(chart, 'Service', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'catalog' }, spec: { selector: { app: 'catalog' }, ports },
  });
  catalog = MeshService.fromService(chart, 'Catalog', service);
  for (const name of ['v1', 'v2']) catalog.addSubset(name, { labels: { version: name } });
  catalog.routeDefaultTo(catalog.subset('v1'));
  gateway = new IngressGateway(chart, 'Gateway');
});

describe('a route that matches claims', () => {
  test('takes the requests from outside whose token has them', () => {
    tokens();
    expose();
    route({ claims: admins });
    expect(version({ groups: ['users', 'admins'] })).toBe('v2');
    expect(version({ groups: 'users' })).toBe('v1');
    expect(version()).toBe('v1');
  });

  test('leaves callers in the mesh alone, whose sidecars see no claims', () => {
    tokens();
    expose();
    route({ claims: admins });
    const caller = Mesh.fromChart(chart).sidecar({ namespace: 'shop' });
    expect(caller.get('http://catalog/').split[0].subset).toBe('v1');
    expect(JSON.stringify(find(chart, 'VirtualService', 'catalog'))).not.toContain('claims');
  });

  test('by their absence takes all callers in the mesh, and requests without a token', () => {
    tokens();
    expose();
    route({ withoutClaims: admins });
    expect(Mesh.fromChart(chart).sidecar({ namespace: 'shop' }).get('http://catalog/').split[0].subset).toBe('v2');
    expect(version()).toBe('v2');
    expect(version({ groups: 'admins' })).toBe('v1');
  });

  test('writes names with dots and nested names in brackets', () => {
    tokens();
    expose();
    route({ claims: { 'https://shop.example.com/role': StringMatch.prefix('a'), '[address][city]': StringMatch.regex('B.*') } });
    expect(find(chart, 'VirtualService', 'shop-example-com')).toMatchObject({
      spec: {
        http: [{
          match: [{
            headers: {
              '@request.auth.claims[https://shop.example.com/role]': { prefix: 'a' }, '@request.auth.claims[address][city]': { regex: 'B.*' },
            },
          }],
        }, {}],
      },
    });
    expect(version({ 'https://shop.example.com/role': 'admin', 'address': { city: 'Bern' } })).toBe('v2');
    expect(version({ 'https://shop.example.com/role': 'admin', 'address': { city: 'Lyon' } })).toBe('v1');
  });

  test('is combined with a cohort of the same claim only if one condition covers the other', () => {
    tokens();
    expose();
    route({ claims: admins });
    const target = catalog.addSubset('v3', { labels: { version: 'v3' } });
    new DarkLaunch(chart, 'Dark', { service: catalog, target, matches: [{ claims: { groups: StringMatch.exact('testers') } }] });
    // A list may have both values, but Istio has one condition per claim.
    expect(errorOf(() => manifests(chart))).toContain('groups');
  });

  test.each<[string, () => void]>([
    ['the gateway', () => tokens()],
    ['the mesh', () => new TokenAuthentication(chart, 'Tokens', { scope: PolicyScope.mesh(), issuer: ISSUER, jwks: KEYS })],
    ['an object of another tool', () => new ApiObject(chart, 'Tokens', {
      apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', metadata: { name: 'tokens', namespace: 'istio-system' },
    })],
  ])('needs tokens that %s verifies', (_, verify) => {
    verify();
    expose();
    route({ claims: admins });
    expect(manifests(chart)).not.toEqual([]);
  });
});

describe('claims that no gateway verifies fail', () => {
  test('at a gateway without a TokenAuthentication', () => {
    expose();
    route({ claims: admins });
    expect(errorOf(() => manifests(chart))).toContain('chart/It matches claims of tokens, but nothing verifies tokens at the gateway \'gateway\' of '
      + 'shop.example.com, so that no claim has a value; add a TokenAuthentication with this gateway');
  });

  test('at a gateway whose pods are in another namespace than those with tokens', () => {
    gateway = new IngressGateway(chart, 'Other', { identity: Caller.gateway('ingress'), selector: { app: 'other' } });
    new TokenAuthentication(chart, 'Tokens', { scope: PolicyScope.namespace('shop'), issuer: ISSUER, jwks: KEYS });
    expose();
    route({ claims: admins });
    expect(errorOf(() => manifests(chart))).toContain('nothing verifies tokens at the gateway \'other\'');
  });

  test('on a service without a public host', () => {
    chart.node.tryRemoveChild('Gateway');
    route({ claims: admins });
    expect(errorOf(() => manifests(chart))).toContain('chart/It matches claims of tokens, which only gateways see, but no public host of the service is '
      + 'among its audiences; call exposeVia() for a public host, or remove the claims');
  });

  test('for the mesh alone', () => {
    tokens();
    expose();
    new TrafficRoute(chart, 'It', { service: catalog, target: catalog.subset('v2'), matches: [{ claims: admins }], audiences: [Audience.mesh()] });
    expect(errorOf(() => manifests(chart))).toContain('chart/It matches claims of tokens, which only gateways see');
  });

  test('in a delegate, where Istio rejects them', () => {
    chart.node.tryRemoveChild('Gateway');
    catalog.exposeVia(new DelegatedHost(chart, 'Part', { host: 'shop.example.com', name: 'part', rootNamespace: 'istio-system' }));
    route({ claims: admins });
    expect(errorOf(() => manifests(chart))).toContain('chart/It matches claims of tokens, which Istio rejects in the delegate of \'/\' on shop.example.com');
  });

  test.each<[string, HttpMatch, string]>([
    ['presence', { claims: { a: StringMatch.present() } }, 'claims[\'a\'] is StringMatch.present(), which Envoy cannot compare with a claim'],
    ['an empty name', { claims: { '': StringMatch.exact('x') } }, 'claims has a claim without a name'],
    ['a name in brackets', { withoutClaims: { '[a]': StringMatch.exact('x') } }, '\'[a]\' is not the name of a claim'],
    ['a name with a bracket', { claims: { 'a]b': StringMatch.exact('x') } }, '\'a]b\' is not the name of a claim'],
    ['a header', { headers: { '@request.auth.claims.a': StringMatch.exact('x') } }, 'is a claim of a token; use claims or withoutClaims'],
    [
      'a contradiction', { claims: { a: StringMatch.exact('x') }, withoutClaims: { a: StringMatch.prefix('x') } }, 'contradicts itself',
    ],
  ])('with %s', (_, match, error) => {
    expect(errorOf(() => route(match))).toContain(error);
  });
});
