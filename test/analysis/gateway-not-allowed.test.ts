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
