import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { parseManifests } from '../../src/manifest/loader';
import { UNKNOWN_ACCOUNT } from '../../src/manifest/pod-template';

const BAD = readFileSync(join(__dirname, 'fixtures/gateway-not-allowed/bad.yaml'), 'utf8');
const RULES = '  rules:\n    - from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }]';

function found(text: string, meshConfig?: MeshConfigFields): readonly string[] {
  return analyze(parseManifests(text).objects, { complete: true, rules: ['gateway-not-allowed'], meshConfig }).map(({ cause }) => cause);
}

const withRules = (rules: string) => BAD.replace(RULES, `  rules: ${rules}`);
const source = (fields: string) => withRules(`[{ from: [{ source: { ${fields} } }] }]`);
const policy = (name: string, spec: string, namespace = 'shop') => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;

test('names the policies and the gateway\'s service account', () => {
  expect(found(BAD)).toEqual([
    "AuthorizationPolicy shop/catalog allows only other callers, not the gateway's service account gate in shop",
  ]);
});

test.each([
  ['no rule at all', BAD.replace(RULES, '')],
  ['other namespaces', source('namespaces: [web, "other-*"]')],
  ['other service accounts', source('serviceAccounts: [web, other/gate]')],
  ['a pattern of other identities', source('principals: ["cluster.local/ns/web/*"]')],
  ['an identity with spiffe://, which never matches', source('principals: ["spiffe://cluster.local/ns/shop/sa/gate"]')],
  ['other callers with a method', withRules('[{ from: [{ source: { namespaces: [web] } }], to: [{ operation: { methods: [GET] } }] }]')],
  ['no caller in the mesh', `${BAD}${policy('nothing', '{}', 'istio-system')}`],
])('is reported for a policy that allows %s', (_, text) => {
  expect(found(text)).toHaveLength(1);
});

test.each([
  ['everybody', withRules('[{}]')],
  ['every method of everybody', withRules('[{ to: [{ operation: { methods: [GET] } }] }]')],
  ['its identity in another trust domain\'s name', source('principals: ["*/ns/shop/sa/gate"]')],
  ['its namespace', source('namespaces: [shop]')],
  ['its namespace by a pattern', source('namespaces: ["sh*"]')],
  ['its service account', source('serviceAccounts: [gate]')],
  ['its service account with the namespace', source('serviceAccounts: [shop/gate]')],
  ['addresses, of which the gateway may have one', source('ipBlocks: [10.0.0.0/8]')],
  ['every identity but one', source('notPrincipals: [cluster.local/ns/shop/sa/web]')],
  ['its identity in a trust domain that may be the mesh\'s', source('principals: ["example.org/ns/shop/sa/gate"]')],
  [
    'its service account under the old name of the field',
    source('serviceAccounts: [gate]').replace('serviceAccountName: gate', 'serviceAccount: gate'),
  ],
  ['one service account, of which it is not known whether it is the gateway\'s',
    BAD.replace('serviceAccountName: gate', `serviceAccountName: '${UNKNOWN_ACCOUNT}'`)],
  ['it in another policy', `${BAD}${policy('edge', '{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }')}`],
])('is silent where a policy allows %s', (_, text) => {
  expect(found(text)).toEqual([]);
});

test.each([
  ['denies others', BAD.replace('  rules:\n', '  action: DENY\n  rules:\n')],
  [
    'is a dry run',
    BAD.replace(
      'metadata: { name: catalog, namespace: shop }\nspec:\n  selector: { matchLabels',
      'metadata: { name: catalog, namespace: shop, annotations: { istio.io/dry-run: "true" } }\nspec:\n  selector: { matchLabels',
    ),
  ],
  ['selects other pods', BAD.replace('matchLabels: { app: catalog } }\n  rules', 'matchLabels: { app: other } }\n  rules')],
  ['is for pods without a sidecar', BAD.replace('inject: "true"', 'inject: "false"')],
  ['is for pods in the network of their node', BAD.replace('spec: { containers: [{ name: app', 'spec: { hostNetwork: true, containers: [{ name: app')],
  [
    'is for pods of a namespace without injection',
    `${BAD.replace(', sidecar.istio.io/inject: "true"', '')}---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: disabled } }
`,
  ],
  [
    'is for pods whose sidecars leave a port alone',
    BAD.replace('inject: "true" }', 'inject: "true" }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "8080" }'),
  ],
])('is silent where the policy %s', (_, text) => {
  expect(text).not.toBe(BAD);
  expect(found(text)).toEqual([]);
});

test('is reported for an identity of another trust domain than those of the mesh', () => {
  const text = source('principals: ["example.org/ns/shop/sa/gate"]');
  expect(found(text, { trustDomain: 'shop.example' })).toHaveLength(1);
  expect(found(text, { trustDomain: 'example.org' })).toEqual([]);
  expect(found(text, { trustDomain: 'shop.example', trustDomainAliases: ['example.org'] })).toEqual([]);
});

describe('a VirtualService of the mesh and of a gateway', () => {
  const ROUTE = '    - route: [{ destination: { host: catalog, port: { number: 80 } } }]';
  const of = (gateways: string) => BAD.replace('gateways: [gw]', 'gateways: [mesh, gw]').replace(ROUTE,
    ROUTE.replace('- route', `- match: [{ gateways: [${gateways}] }]\n      route`));

  test('is silent about a route for the mesh alone', () => expect(found(of('mesh'))).toEqual([]));
  test.each(['gw', 'mesh, gw'])('is reported for a route for %s', gateways => expect(found(of(gateways))).toHaveLength(1));
});

describe('DENY policies', () => {
  const ROUTE = '    - route: [{ destination: { host: catalog, port: { number: 80 } } }]';
  const deny = (rules: string, spec = '') => withRules(rules).replace('  rules:', `  action: DENY\n${spec}  rules:`);
  const denySource = (fields: string) => deny(`[{ from: [{ source: { ${fields} } }] }]`);
  const denyPaths = (field: string, match: string) => deny(
    `[{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { ${field} } }] }]`).replace(ROUTE, ROUTE.replace('- route', `- match: [${match}]\n      route`));
  const peers = (mode: string) => `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: peers, namespace: shop }
spec: { mtls: { mode: ${mode} } }
`;

  test('are named with the service account of the gateway, also where another policy allows it', () => {
    expect(found(denySource('namespaces: [shop]') + policy('all', '{ rules: [{}] }'))).toEqual([
      'AuthorizationPolicy shop/catalog denies all that the gateway sends here, with the service account gate in shop',
    ]);
  });

  test.each([
    ['everybody', deny('[{}]')],
    ['its namespace by a pattern', denySource('namespaces: ["sh*"]')],
    ['its service account', denySource('serviceAccounts: [gate]')],
    ['its principal', denySource('principals: [cluster.local/ns/shop/sa/gate]')],
    ['its principal in any trust domain', denySource('principals: ["*/ns/shop/sa/gate"]')],
    ['every identity', denySource('principals: ["*"]')],
    ['all but another namespace', denySource('notNamespaces: [web]')],
    ['all but other principals', denySource('notPrincipals: ["*/ns/shop/sa/web"]')],
    ['it by a condition', deny('[{ when: [{ key: source.namespace, values: [shop] }] }]')],
    ['it at the port of the pods', deny('[{ to: [{ operation: { ports: ["8080"] } }] }]')],
    ['it in the whole mesh', `${withRules('[{}]')}${
      policy('all', '{ action: DENY, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }', 'istio-system')}`],
    ['the path of the route', denyPaths('paths: ["/admin*"]', '{ uri: { prefix: /admin } }')],
    ['all but paths outside of the route', denyPaths('notPaths: ["/public*"]', '{ uri: { prefix: /admin } }')],
    ['the method of the route', denyPaths('methods: [POST]', '{ method: { exact: POST } }')],
    ['each alternative of the route', denyPaths('paths: ["/a*", "/b"]', '{ uri: { prefix: /a/ } }, { uri: { exact: /b } }')],
    ['it in plaintext', denySource('notPrincipals: ["*"]') + peers('DISABLE')],
  ])('are reported where they deny %s', (_, text) => expect(found(text)).toHaveLength(1));

  test.each([
    ['other namespaces', denySource('namespaces: [web]')],
    ['all but its namespace', denySource('notNamespaces: [shop]')],
    ['all without an identity', denySource('notPrincipals: ["*"]')],
    ['a principal that may be of another trust domain', denySource('principals: ["example.org/ns/shop/sa/gate"]')],
    ['addresses', denySource('ipBlocks: [10.0.0.0/8]')],
    ['its namespace without a token', denySource('namespaces: [shop], notRequestPrincipals: ["*"]')],
    ['some methods', deny('[{ to: [{ operation: { methods: [DELETE] } }] }]')],
    ['another port', deny('[{ to: [{ operation: { ports: ["9090"] } }] }]')],
    ['the port of the Service, which no pod has', deny('[{ to: [{ operation: { ports: ["80"] } }] }]')],
    ['a part of the paths', denyPaths('paths: ["/admin/*"]', '{ uri: { prefix: /admin } }')],
    ['one alternative of the route', denyPaths('paths: [/a]', '{ uri: { exact: /a } }, { uri: { exact: /b } }')],
    ['a path that a rewrite replaces', denyPaths('paths: ["/admin*"]', '{ uri: { prefix: /admin } }')
      .replace('      route', '      rewrite: { uri: /other }\n      route')],
    ['its identity at pods that take plaintext', denySource('principals: ["*"]') + peers('DISABLE')],
    ['its identity, which a DestinationRule takes from it', `${denySource('namespaces: [shop]')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, trafficPolicy: { tls: { mode: DISABLE } } }
`],
  ])('are not reported where they deny %s', (_, text) => expect(found(text)).toEqual([]));
});

describe('the policies of a gateway', () => {
  const DENIES = readFileSync(join(__dirname, 'fixtures/gateway-denies-clients/bad.yaml'), 'utf8');
  const said = (text: string) => analyze(parseManifests(text).objects, { complete: true, rules: ['gateway-denies-clients'] })
    .map(({ cause }) => cause);
  const with_ = (spec: string, namespace = 'istio-system') => DENIES.replace(/spec:\n {2}action: DENY[^]*?---/, `spec: ${spec}\n---`)
    .replace('name: mutual-tls-only, namespace: istio-system', `name: all, namespace: ${namespace}`);
  const tls = (mode: string) => DENIES.replace(
    '{ number: 80, name: http, protocol: HTTP }',
    `{ number: 443, name: https, protocol: HTTPS }\n      tls: { mode: ${mode}, credentialName: c }`);

  test('are named with what they do to clients', () => {
    expect(said(DENIES)).toEqual([
      'AuthorizationPolicy istio-system/mutual-tls-only denies every caller without an identity, such as all clients of this server',
    ]);
    expect(said(with_('{ rules: [{ from: [{ source: { principals: ["*"] } }] }] }'))).toEqual([
      'AuthorizationPolicy istio-system/all allows only callers with an identity, which clients of this server do not have',
    ]);
  });

  test.each([
    ['nothing at all in its namespace', with_('{}', 'shop')],
    ['other namespaces for its labels', with_(
      '{ selector: { matchLabels: { app: gate } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }')],
    ['a condition on identities', with_('{ rules: [{ when: [{ key: source.namespace, values: [shop] }] }] }')],
    ['clients with TLS of their own', tls('SIMPLE')],
  ])('are reported where they allow %s', (_, text) => expect(said(text)).toHaveLength(1));

  test.each([
    ['clients with certificates', tls('MUTUAL')],
    ['callers with mutual TLS of the mesh', tls('ISTIO_MUTUAL')],
    ['hosts', with_('{ rules: [{ to: [{ operation: { hosts: [shop.example.com] } }] }] }')],
    ['addresses', with_('{ rules: [{ from: [{ source: { remoteIpBlocks: [203.0.113.0/24] } }] }] }')],
    ['all in a policy of its own', `${with_('{}')}${policy('gate', '{ selector: { matchLabels: { app: gate } }, rules: [{}] }')}`],
    ['some paths to callers without an identity', with_(
      '{ action: DENY, rules: [{ from: [{ source: { notPrincipals: ["*"] } }], to: [{ operation: { paths: [/admin] } }] }] }')],
    ['all but what the namespace of another denies', with_('{ action: DENY, rules: [{}] }', 'other')],
    ['all but what is only recorded', DENIES.replace('namespace: istio-system }',
      'namespace: istio-system, annotations: { istio.io/dry-run: "true" } }')],
  ])('are not reported where they allow %s', (_, text) => expect(said(text)).toEqual([]));
});
