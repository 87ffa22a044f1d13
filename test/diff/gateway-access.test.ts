import { changes, routes, to, VERSIONS, WORLD } from './sides';
import { replayProblem } from '../../conformance/proof/replay';
import { parseManifests } from '../../src/manifest/loader';
import { describeExample } from '../../src/proof/example-request';
import { Mesh } from '../../src/simulator/mesh';

const GATEWAY = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-system }
spec:
  selector: { istio: ingressgateway }
  servers: [{ hosts: ["*"], port: { number: 80, name: http, protocol: HTTP } }]
`;
const MUTUAL_GATEWAY = GATEWAY.replace('protocol: HTTP }', 'protocol: HTTPS }, tls: { mode: ISTIO_MUTUAL }');
const TOKENS = policy('RequestAuthentication', 'tokens', '{ jwtRules: [{ issuer: "https://issuer.example", audiences: [shop] }] }');

/** A policy of the gateway. */
function policy(kind: string, name: string, spec: string): string {
  return `---
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: istio-system }
spec: ${spec.replace('{', '{ selector: { matchLabels: { istio: ingressgateway } },')}
`;
}

const allow = (rules: string) => policy('AuthorizationPolicy', 'allowed', `{ action: ALLOW, rules: ${rules} }`);
const deny = (rules: string) => policy('AuthorizationPolicy', 'denied', `{ action: DENY, rules: ${rules} }`);
const shop = (http: string) => routes(http, { hosts: '[shop.example.com]', gateways: '[istio-system/public]' });
const [to1, to2] = [to({ v1: 1 }), to({ v2: 1 })];

/** What changes at the gateway, with an example of each change, which the simulator treats in two ways. */
function told(policies: string, old: string, now: string, gateway = GATEWAY): string[] {
  const [before, after] = [old, now].map(http => WORLD + VERSIONS + gateway + policies + shop(http));
  const [oldMesh, newMesh] = [before, after].map(text => Mesh.fromManifests(parseManifests(text).objects));
  return changes(before, after).map(change => {
    expect(replayProblem(change, oldMesh, newMesh)).toBeUndefined();
    return `${change.kind}: ${change.requests}${change.example ? `; ${describeExample(change.example)}` : ''}`;
  });
}

const timeout = (of: string) => `[{ timeout: ${of}, ${to1} }]`;
const at = (path: string, destination: string) => `[{ match: [{ uri: { prefix: ${path} } }], ${destination} }, { ${to1} }]`;

describe('a change of routes at a gateway', () => {
  test('is none for requests that policies deny on both sides', () => {
    expect(told(deny('[{}]'), timeout('1s'), timeout('2s'))).toEqual([]);
    expect(told(allow('[]'), timeout('1s'), timeout('2s'))).toEqual([]);
    expect(told(deny('[{ to: [{ operation: { paths: ["/admin*"] } }] }]'), at('/admin', to1), at('/admin', to2))).toEqual([]);
  });

  test('is shown by a request that policies allow', () => {
    expect(told(allow('[{ to: [{ operation: { methods: [POST], paths: ["/pay/*"], hosts: ["*.example.com"] } }] }]'), timeout('1s'), timeout('2s')))
      .toEqual(['timeout: every request; POST http://shop.example.com/pay/']);
    expect(told(deny('[{ to: [{ operation: { notMethods: [HEAD] } }] }]'), timeout('1s'), timeout('2s')))
      .toEqual(['timeout: every request; HEAD http://shop.example.com/']);
    expect(told(deny('[{ when: [{ key: "request.headers[x-team]", notValues: [a] }] }]'), timeout('1s'), timeout('2s')))
      .toEqual(['timeout: every request; GET http://shop.example.com/ with x-team: a']);
  });

  test('is shown by a request with the token that a policy asks for', () => {
    const policies = TOKENS + allow('[{ from: [{ source: { requestPrincipals: ["*"] } }], when: [{ key: "request.auth.claims[group][name]", values: [ops] }] }]');
    expect(told(policies, timeout('1s'), timeout('2s'))).toEqual([
      'timeout: every request; GET http://shop.example.com/ with a token of {"iss":"https://issuer.example","aud":"shop","sub":"x","group":{"name":"ops"}}',
    ]);
    const others = TOKENS + allow('[{ from: [{ source: { requestPrincipals: ["https://other.example/*"] } }] }]');
    expect(told(others, timeout('1s'), timeout('2s'))).toEqual([]);
  });

  test('says which policy may deny it where that depends on the identity or the address of the caller', () => {
    const ofPayment = allow('[{ from: [{ source: { principals: [cluster.local/ns/shop/sa/payment] } }], to: [{ operation: { methods: [POST] } }] }]');
    expect(told(ofPayment, timeout('1s'), timeout('2s'), MUTUAL_GATEWAY)).toEqual([
      'timeout: every request, unless AuthorizationPolicy istio-system/allowed denies them; POST https://shop.example.com:80/',
    ]);
    expect(told(deny('[{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }]'), timeout('1s'), timeout('2s'))).toEqual([
      'timeout: every request, unless AuthorizationPolicy istio-system/denied denies them; GET http://shop.example.com/',
    ]);
  });

  test('is none where only an identity is let through, which callers without a certificate do not have', () => {
    expect(told(allow('[{ from: [{ source: { principals: ["*"] } }] }]'), timeout('1s'), timeout('2s'))).toEqual([]);
  });
});

describe('a header that the gateway writes', () => {
  const header = (name: string, condition: string, destination: string) =>
    `[{ match: [{ headers: { ${name}: ${condition} } }], ${destination} }, { ${to1} }]`;

  test.each(['x-forwarded-client-cert', 'x-envoy-internal', 'x-envoy-original-path'])('%s is removed, so no request meets a condition on it', name => {
    expect(told('', header(name, '{ regex: ".+" }', to1), header(name, '{ regex: ".+" }', to2))).toEqual([]);
  });

  test.each(['x-request-id', 'te'])('%s has a value that is not decided', name => {
    expect(told('', header(name, '{ exact: a }', to1), header(name, '{ exact: a }', to2))).toEqual([
      `not-decided: header ${name} a`,
    ]);
  });

  test('x-request-id is always there', () => {
    const [old, now] = [to1, to2].map(last => `[{ match: [{ headers: { x-request-id: {} } }], ${to1} }, { ${last} }]`);
    expect(told('', old, now)).toEqual([]);
  });

  test('an upgrade is one to WebSockets', () => {
    expect(told('', header('upgrade', '{ exact: websocket }', to1), header('upgrade', '{ exact: websocket }', to2))).toEqual([
      'shares: header upgrade websocket; GET http://shop.example.com/ with upgrade: websocket and connection: upgrade',
    ]);
    expect(told('', header('upgrade', '{ exact: foo }', to1), header('upgrade', '{ exact: foo }', to2))).toEqual([]);
  });
});

describe('a change of routes by claims at a gateway', () => {
  const ANY_AUDIENCE = policy('RequestAuthentication', 'tokens', '{ jwtRules: [{ issuer: "https://issuer.example" }] }');
  const claim = (name: string, value: string, destination: string, field = 'headers') => (
    `{ match: [{ ${field}: { "@request.auth.claims${name}": { exact: ${value} } } }], ${destination} }`);
  const list = (...rules: string[]) => `[${[...rules, `{ ${to1} }`].join(', ')}]`;

  test('is shown by a request with a token that the gateway accepts', () => {
    expect(told(TOKENS, list(claim('[group]', 'a', to1)), list(claim('[group]', 'a', to2)))).toEqual([
      'shares: claim group a; GET http://shop.example.com/ with a token of {"group":"a","iss":"https://issuer.example","aud":"shop"}',
    ]);
    expect(told(ANY_AUDIENCE, list(claim('.a.b', 'x', to1)), list(claim('[a][b]', 'x', to2)))).toEqual([
      'shares: claim [a][b] x; GET http://shop.example.com/ with a token of {"a":{"b":"x"},"iss":"https://issuer.example"}',
    ]);
  });

  test('is shown by a request without a token where only requests without the claim notice', () => {
    expect(told(ANY_AUDIENCE, list(claim('.group', 'a', to1, 'withoutHeaders')), list(claim('.group', 'a', to2, 'withoutHeaders'))))
      .toEqual(['shares: no claim group a; GET http://shop.example.com/']);
  });

  test('is shown by a claim with a list where the order of two values changes', () => {
    const [a, b] = [claim('.group', 'a', to1), claim('.group', 'b', to2)];
    expect(told(ANY_AUDIENCE, list(a, b), list(b, a))).toEqual([
      'precedence: claim group b, and also claim group a; '
      + 'GET http://shop.example.com/ with a token of {"group":["a","b"],"iss":"https://issuer.example"}',
    ]);
  });

  test('is none where the gateway verifies no tokens', () => {
    expect(told('', list(claim('.group', 'a', to1)), list(claim('.group', 'b', to2)))).toEqual([]);
    expect(told('', list(claim('.group', 'a', to2)), list())).toEqual([]);
    expect(told('', list(claim('.group', 'a', to2, 'withoutHeaders')), `[{ ${to2} }]`)).toEqual([]);
  });

  test('is none for tokens that do not exist', () => {
    // A string has no claims within it, and Envoy requires that exp is a number and that the issuer is known.
    const both = '{ match: [{ headers: { "@request.auth.claims.a": { exact: x }, "@request.auth.claims.a.b": { exact: x } } }], ';
    expect(told(ANY_AUDIENCE, list(), list(`${both}${to2} }`))).toEqual([]);
    expect(told(ANY_AUDIENCE, list(), list(claim('.exp', '"1"', to2)))).toEqual([]);
    expect(told(ANY_AUDIENCE, list(), list(claim('.iss', 'other', to2)))).toEqual([]);
  });
});
