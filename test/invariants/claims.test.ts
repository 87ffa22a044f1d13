import { replayed, resultOf, workload } from './mesh';

const GROUP = '"@request.auth.claims.group": { exact: admin }';
const tokens = (where: string, rules = '{ issuer: https://issuer.example, jwksUri: https://issuer.example/jwks }') => `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: istio-system }
spec: { selector: { matchLabels: { ${where} } }, jwtRules: [${rules}] }
---`;
/** A public host whose first routes are for the group admin. */
const shop = (authentication: string, routes = `{ match: [{ headers: { ${GROUP} } }], ${to('v2')} }, { ${to('v1')} }`) => `
${workload('catalog', 'shop', ['v1', 'v2'])}
${authentication}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [edge], http: [${routes}] }
`;
function to(subset: string): string {
  return `route: [{ destination: { host: catalog, subset: ${subset} } }]`;
}
const always = (conditions: string, subset: string) => (
  `always: { requests: { host: shop.example.com, match: [{ ${conditions} }] }, reach: { host: catalog.shop, subset: ${subset} } }`);
const AT_GATEWAY = tokens('istio: ingressgateway');

describe('claims in a match are those of a valid token', () => {
  test('requests with the claim reach the version of its route, and requests without it the other', () => {
    expect(resultOf(shop(AT_GATEWAY), always(`headers: { ${GROUP} }`, 'v2')).outcome).toBe('holds');
    expect(resultOf(shop(AT_GATEWAY), always(`withoutHeaders: { ${GROUP} }`, 'v1')).outcome).toBe('holds');
  });

  test('a request with the claim that an earlier route takes breaks it', () => {
    const manifests = shop(AT_GATEWAY, `{ match: [{ uri: { prefix: /old } }], ${to('v1')} }, { match: [{ headers: { ${GROUP} } }], ${to('v2')} }`);
    const result = resultOf(manifests, always(`headers: { ${GROUP} }`, 'v2'));
    expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { token: { iss: 'https://issuer.example', group: 'admin' } } } });
    expect(replayed(result, manifests)).toMatchObject({ outcome: 'routed', split: [{ subset: 'v1' }] });
  });

  test('a request without a token has no claim', () => {
    const result = resultOf(shop(AT_GATEWAY), always(`withoutHeaders: { ${GROUP} }`, 'v2'));
    expect(result.outcome).toBe('does not hold');
    expect(result.witness!.request).not.toHaveProperty('token');
  });

  test('a token is valid for one of the audiences, whatever others it names', () => {
    const rules = '{ issuer: https://issuer.example, jwksUri: https://issuer.example/jwks, audiences: [shop] }';
    const manifests = shop(tokens('istio: ingressgateway', rules));
    expect(resultOf(manifests, always(`headers: { ${GROUP}, "@request.auth.claims.aud": { exact: shop } }`, 'v2')).outcome).toBe('holds');
    const others = resultOf(manifests, always(`headers: { ${GROUP}, "@request.auth.claims.aud": { exact: bank } }`, 'v1'));
    expect(others).toMatchObject({ outcome: 'does not hold', witness: { request: { token: { aud: expect.arrayContaining(['bank', 'shop']) } } } });
  });

  test('an invariant is not decided where the proxy verifies no tokens', () => {
    expect(resultOf(shop(tokens('istio: egressgateway')), always(`headers: { ${GROUP} }`, 'v2'), { complete: true })).toMatchObject({
      outcome: 'not decided',
      reasons: ['match[0] names claims, and a proxy that routes shop.example.com verifies no tokens'],
    });
  });

  test('a share counts the requests with the claim alone', () => {
    const share = (conditions: string) => resultOf(shop(AT_GATEWAY), `always: { requests: { host: shop.example.com, match: [{ ${conditions} }] }, `
      + 'share: { to: { host: catalog.shop, subset: v2 }, atMost: 10 } }').outcome;
    expect([share(`headers: { ${GROUP} }`), share(`withoutHeaders: { ${GROUP} }`)]).toEqual(['does not hold', 'holds']);
  });
});
