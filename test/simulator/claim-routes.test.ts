import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator/mesh';
import type { Claims } from '../../src/simulator/token';

const WORLD = `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { ports: [{ name: http, port: 80 }, { name: http-admin, port: 81 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { app: gate }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }]
`;
const TOKENS = `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec: { selector: { matchLabels: { app: gate } }, jwtRules: [{ issuer: iss, jwks: '{}' }] }
`;

/** Requests that match go to port 81, the others to port 80. */
function routes(match: string): string {
  const to = (port: number) => `route: [{ destination: { host: catalog, port: { number: ${port} } } }]`;
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [public], http: [{ match: [${match}], ${to(81)} }, { ${to(80)} }] }
`;
}

const claim = (name: string, condition: string) => `{ headers: { "@request.auth.claims${name}": ${condition} } }`;
const without = (name: string, condition: string) => `{ withoutHeaders: { "@request.auth.claims${name}": ${condition} } }`;

function decided(match: string, claims?: Claims, { tokens = TOKENS, method = 'GET', headers = {} } = {}) {
  const mesh = Mesh.fromManifests(parseManifests(WORLD + tokens + routes(match)).objects);
  const gateway = mesh.gateway({ namespace: 'shop', labels: { app: 'gate' } });
  const caller = claims ? gateway.withToken({ iss: 'iss', ...claims }) : gateway;
  return caller.request(method, 'http://shop.example.com/', { headers });
}

const takes = (match: string, claims?: Claims) => decided(match, claims).split[0].port === 81;

// Envoy's MetadataMatcher decides; the part access-requests sends such tokens through a real Envoy with istiod's routes.
describe('a route that matches a claim', () => {
  test.each<[string, string, Claims | undefined, boolean]>([
    ['takes a request whose token has the value', claim('.group', '{ exact: admin }'), { group: 'admin' }, true],
    ['takes a request with a list that has the value', claim('.group', '{ exact: admin }'), { group: ['user', 'admin'] }, true],
    ['takes no request with another value', claim('.group', '{ exact: admin }'), { group: 'user' }, false],
    ['takes no request without a token', claim('.group', '{ exact: admin }'), undefined, false],
    ['takes a nested claim', claim('.a.b', '{ prefix: x }'), { a: { b: 'xy' } }, true],
    ['takes a claim whose name has a dot', claim('[https://a.b/c]', '{ regex: "x+" }'), { 'https://a.b/c': 'xx' }, true],
    ['compares names case-sensitively', claim('.group', '{ exact: admin }'), { Group: 'admin' }, false],
    ['takes no number', claim('.group', '{ regex: ".*" }'), { group: 7 }, false],
    ['takes a word of scope, which is split at spaces', claim('.scope', '{ exact: read }'), { scope: 'write read' }, true],
    ['takes no scope with a space', claim('.scope', '{ exact: write read }'), { scope: 'write read' }, false],
  ])('%s', (_, match, claims, taken) => {
    expect(takes(match, claims)).toBe(taken);
  });

  test.each<[string, Claims | undefined, boolean]>([
    ['without a token', undefined, true],
    ['with another value', { group: 'user' }, true],
    ['with the value', { group: 'admin' }, false],
    ['with a list that has the value', { group: ['user', 'admin'] }, false],
  ])('in withoutHeaders decides a request %s', (_, claims, taken) => {
    expect(takes(without('.group', '{ exact: admin }'), claims)).toBe(taken);
  });

  test('takes no preflight request, whose token Envoy does not read', () => {
    const preflight = { method: 'OPTIONS', headers: { 'origin': 'https://a', 'access-control-request-method': 'GET' } };
    expect(decided(claim('.group', '{ exact: admin }'), { group: 'admin' }, preflight).split[0].port).toBe(80);
  });

  test('takes no request where no RequestAuthentication applies to the gateway, and says so', () => {
    const decision = decided(claim('.group', '{ exact: admin }'), { group: 'admin' }, { tokens: '' });
    expect(decision.split[0].port).toBe(80);
    expect(decision.explain()).toContain('the claim group must be \'admin\', but no RequestAuthentication applies to this proxy');
    expect(decision.notJudged).toEqual([expect.objectContaining({
      what: 'matches on claims without a RequestAuthentication in the input', objects: ['VirtualService shop/public'],
    })]);
  });

  test('is not asked for a token that the gateway refuses', () => {
    expect(decided(claim('.group', '{ exact: admin }'), { iss: 'other', group: 'admin' }).outcome).toBe('unauthenticated');
  });

  test('is not decided for a token that is not known', () => {
    const decision = decided(claim('.group', '{ exact: admin }'), undefined, { headers: { authorization: 'Bearer x' } });
    expect(decision.outcome).toBe('undecided');
    expect(decision.explain()).toContain('the claim group is not known');
  });

  test('makes Envoy refuse the routes if it asks for the presence of a claim alone', () => {
    for (const presence of ['{}', '{ regex: "*" }']) {
      expect(() => decided(claim('.group', presence), { group: 'admin' })).toThrow('asks whether the claim \'group\' is present');
    }
  });
});
