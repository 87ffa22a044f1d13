import { analyze } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { parseManifests } from '../../src/manifest/loader';

const pods = (name: string, ports: string, more = '', namespace = 'shop') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [${ports}] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, sidecar.istio.io/inject: "true" }${more} }
    spec: { containers: [{ name: app, image: app }] }
`;
const BOTH = pods('catalog', '{ name: http, port: 80, targetPort: 8080 }, { name: tcp, port: 9000 }');
const HTTP = pods('catalog', '{ name: http, port: 80, targetPort: 8080 }');
const security = (kind: string, spec: string, namespace = 'shop', name = kind.toLowerCase()) => `
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
const policy = (spec: string, namespace?: string, name?: string) => security('AuthorizationPolicy', spec, namespace, name);
const namespace = (name: string, labels: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`;

function found(rule: string, manifests: readonly string[], options: { complete?: boolean; meshConfig?: MeshConfigFields } = {}): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  expect(problems).toEqual([]);
  return analyze(objects, { complete: true, rules: [rule], ...options }).map(({ severity, path, cause }) => `${severity} ${path}: ${cause}`);
}

describe('deny-closes-tcp-port', () => {
  const deny = (rules: string, more = '') => policy(`{ ${more}action: DENY, rules: [${rules}] }`);
  test.each([
    ['methods', deny('{ to: [{ operation: { methods: [GET] } }] }')],
    ['a header', deny('{ when: [{ key: "request.headers[x]", values: [a] }] }')],
    ['the absence of a header', deny('{ when: [{ key: "request.headers[x]", notValues: [a] }] }')],
    ['the lack of a token', deny('{ from: [{ source: { notRequestPrincipals: ["*"] } }] }')],
    ['one operation of several', deny('{ to: [{ operation: { ports: ["1"] } }, { operation: { paths: [/a] } }] }')],
    ['the TCP port itself', deny('{ to: [{ operation: { methods: [GET], ports: ["9000"] } }] }')],
    ['all ports but that of requests', deny('{ to: [{ operation: { methods: [GET], notPorts: ["8080"] } }] }')],
    ['methods, from the root namespace', policy('{ action: DENY, rules: [{ to: [{ operation: { methods: [GET] } }] }] }', 'istio-system')],
  ])('is reported for a rule about %s', (_, object) => {
    expect(found('deny-closes-tcp-port', [BOTH, object])).toEqual([expect.stringMatching(/^error .*: connections to port 9000 of Deployment shop\/catalog are not HTTP/)]);
  });
  test.each([
    ['about the port of requests', [BOTH, deny('{ to: [{ operation: { methods: [GET], ports: ["8080"] } }] }')]],
    ['of one caller', [BOTH, deny('{ from: [{ source: { namespaces: [x] } }], to: [{ operation: { methods: [GET] } }] }')]],
    ['about all', [BOTH, deny('{}')]],
    ['of other pods', [BOTH, deny('{ to: [{ operation: { methods: [GET] } }] }', 'selector: { matchLabels: { app: web } }, ')]],
    ['of pods without a TCP port', [HTTP, deny('{ to: [{ operation: { methods: [GET] } }] }')]],
    ['of pods whose protocol Envoy detects', [pods('catalog', '{ port: 9000 }'), deny('{ to: [{ operation: { methods: [GET] } }] }')]],
    ['of pods without a sidecar', [BOTH.replace('inject: "true"', 'inject: "false"'), deny('{ to: [{ operation: { methods: [GET] } }] }')]],
    ['of another namespace', [BOTH, policy('{ action: DENY, rules: [{ to: [{ operation: { methods: [GET] } }] }] }', 'other')]],
    ['that allows', [BOTH, policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }')]],
    ['of a dry run', [BOTH, deny('{ to: [{ operation: { methods: [GET] } }] }')
      .replace('namespace: shop }', 'namespace: shop, annotations: { istio.io/dry-run: "true" } }')]],
  ])('is silent about a rule %s', (_, manifests) => expect(found('deny-closes-tcp-port', manifests)).toEqual([]));
});

describe('rule-differs-on-tcp-port', () => {
  const allow = policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
  test('is reported where no ALLOW rule is left, and where a DENY rule loses a condition', () => {
    expect(found('rule-differs-on-tcp-port', [BOTH, allow])).toEqual([expect.stringMatching(/neither it nor another rule lets them in$/)]);
    expect(found('rule-differs-on-tcp-port', [BOTH, policy(
      '{ action: DENY, rules: [{ from: [{ source: { namespaces: [x] } }], to: [{ operation: { methods: [GET] } }] }] }')]))
      .toEqual([expect.stringMatching(/applies to them without 'methods', and denies more$/)]);
  });
  test.each([
    ['of the same pods', policy('{ rules: [{ to: [{ operation: { ports: ["9000"] } }] }] }', 'shop', 'tcp')],
    ['of the mesh', policy('{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }', 'istio-system', 'tcp')],
  ])('is silent where another policy %s has a rule for connections', (_, other) => {
    expect(found('rule-differs-on-tcp-port', [BOTH, allow, other])).toEqual([]);
  });
  test('is reported where the other rule is for another port', () => {
    const other = policy('{ rules: [{ to: [{ operation: { ports: ["8080"] } }] }] }', 'shop', 'tcp');
    expect(found('rule-differs-on-tcp-port', [BOTH, allow, other])).toHaveLength(1);
  });
});

describe('token-without-request-authentication', () => {
  const asking = (from: string) => policy(`{ rules: [{ from: [{ source: { ${from} } }] }] }`);
  const tokens = (spec: string, home = 'shop') => security('RequestAuthentication', spec, home);
  const RULES = 'jwtRules: [{ issuer: iss, jwksUri: "https://iss.example/keys" }]';
  test.each([
    ['no RequestAuthentication', [asking('requestPrincipals: ["*"]')]],
    ['one of another namespace', [asking('requestPrincipals: ["*"]'), tokens(`{ ${RULES} }`, 'other')]],
    ['one without rules', [asking('requestPrincipals: ["*"]'), tokens('{}')]],
    ['one of another issuer', [asking('requestPrincipals: ["other/ann"]'), tokens(`{ ${RULES} }`)]],
    ['none, for a claim', [policy('{ rules: [{ when: [{ key: "request.auth.claims[group]", values: [admin] }] }] }')]],
  ])('is reported with %s', (_, manifests) => expect(found('token-without-request-authentication', [HTTP, ...manifests])).toHaveLength(1));
  test.each([
    ['one of the namespace', [asking('requestPrincipals: ["*"]'), tokens(`{ ${RULES} }`)]],
    ['one of the mesh', [asking('requestPrincipals: ["iss/*"]'), tokens(`{ ${RULES} }`, 'istio-system')]],
    ['a pattern of issuers', [asking('requestPrincipals: ["is*"]'), tokens(`{ ${RULES} }`)]],
    ['a subject with slashes', [asking('requestPrincipals: ["iss/repo/main"]'), tokens(`{ ${RULES} }`)]],
    ['a pattern that ends within an issuer with slashes', [asking('requestPrincipals: ["https://i*"]'),
      tokens('{ jwtRules: [{ issuer: "https://iss.example", jwksUri: "https://iss.example/keys" }] }')]],
    ['an EnvoyFilter that verifies tokens', [asking('requestPrincipals: ["*"]'), `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: tokens, namespace: istio-system }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: INSERT_FIRST, value: { name: envoy.filters.http.jwt_authn } }
`]],
    ['one issuer of several', [asking('requestPrincipals: ["other/ann", "iss/ann"]'), tokens(`{ ${RULES} }`)]],
  ])('is silent with %s', (_, manifests) => expect(found('token-without-request-authentication', [HTTP, ...manifests])).toEqual([]));
  test('is a warning at most where the input may lack the RequestAuthentication', () => {
    expect(found('token-without-request-authentication', [HTTP, asking('requestPrincipals: ["*"]')], { complete: false }))
      .toEqual([expect.stringMatching(/^warning .*unless it lies outside the input$/)]);
  });
});

describe('allow-rule-denied', () => {
  const allow = (rule: string, selector = '') => policy(`{ ${selector}rules: [${rule}] }`, 'shop', 'allow');
  const deny = (rule: string, home = 'shop', selector = '') => policy(`{ ${selector}action: DENY, rules: [${rule}] }`, home, 'deny');
  const CATALOG = 'selector: { matchLabels: { app: catalog } }, ';
  test.each([
    ['all', allow('{ to: [{ operation: { methods: [GET] } }] }'), deny('{}')],
    ['all, in the mesh', allow('{}'), deny('{}', 'istio-system')],
    ['the methods', allow('{ to: [{ operation: { methods: [GET], paths: [/a] } }] }'), deny('{ to: [{ operation: { methods: [GET, PUT] } }] }')],
    ['the namespace by a pattern', allow('{ from: [{ source: { namespaces: [web-a] } }] }'), deny('{ from: [{ source: { namespaces: ["web-*"] } }] }')],
    ['the account in full', allow('{ from: [{ source: { serviceAccounts: [web] } }] }'), deny('{ from: [{ source: { serviceAccounts: [shop/web] } }] }')],
    ['each source by another rule', allow('{ from: [{ source: { namespaces: [a] } }, { source: { namespaces: [b] } }] }'),
      deny('{ from: [{ source: { namespaces: [b] } }] }, { from: [{ source: { namespaces: [a] } }] }')],
    ['the same pods', allow('{}', CATALOG), deny('{}', 'shop', CATALOG)],
    ['the namespace of an identity', allow('{ from: [{ source: { principals: [cluster.local/ns/web/sa/a] } }] }'),
      deny('{ from: [{ source: { namespaces: [web] } }] }')],
    ['the account of an identity', allow('{ from: [{ source: { principals: [cluster.local/ns/web/sa/a] } }] }'),
      deny('{ from: [{ source: { serviceAccounts: [web/a] } }] }')],
    ['the namespace of an account', allow('{ from: [{ source: { serviceAccounts: [a] } }] }'), deny('{ from: [{ source: { namespaces: [shop] } }] }')],
    ['an attribute by a condition', allow('{ from: [{ source: { namespaces: [web] } }] }'),
      deny('{ when: [{ key: source.namespace, values: [web] }] }')],
    ['a block of addresses', allow('{ from: [{ source: { ipBlocks: [10.1.0.0/16, 10.2.0.1] } }] }'),
      deny('{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }')],
    ['each value by another rule', allow('{ to: [{ operation: { methods: [GET, PUT], paths: [/a] } }] }'),
      deny('{ to: [{ operation: { methods: [GET] } }, { operation: { methods: [PUT] } }] }')],
    ['all but other methods', allow('{ to: [{ operation: { methods: [POST] } }] }'), deny('{ to: [{ operation: { notMethods: [GET] } }] }')],
    ['all but other paths', allow('{ to: [{ operation: { paths: [/pay] } }] }'), deny('{ to: [{ operation: { notPaths: ["/health*", /ready] } }] }')],
    ['all but another namespace', allow('{ from: [{ source: { principals: [cluster.local/ns/web/sa/a] } }] }'),
      deny('{ from: [{ source: { notNamespaces: [batch] } }] }')],
    ['what is not excluded, twice', allow('{ from: [{ source: { notNamespaces: [a, b] } }] }'), deny('{ from: [{ source: { notNamespaces: [a] } }] }')],
  ])('is reported where DENY covers %s', (_, ...manifests) => expect(found('allow-rule-denied', manifests)).toHaveLength(1));
  test.each([
    ['one method of two', allow('{ to: [{ operation: { methods: [GET, PUT] } }] }'), deny('{ to: [{ operation: { methods: [GET] } }] }')],
    ['one source of two', allow('{ from: [{ source: { namespaces: [a] } }, { source: { namespaces: [b] } }] }'),
      deny('{ from: [{ source: { namespaces: [a] } }] }')],
    ['another attribute', allow('{ to: [{ operation: { methods: [GET] } }] }'), deny('{ to: [{ operation: { paths: [/a] } }] }')],
    ['all but the rule', allow('{ to: [{ operation: { methods: [GET] } }] }'), deny('{ to: [{ operation: { notMethods: [GET] } }] }')],
    ['all but a method of two', allow('{ to: [{ operation: { methods: [GET, POST] } }] }'), deny('{ to: [{ operation: { notMethods: [GET] } }] }')],
    ['all but a pattern that takes the path', allow('{ to: [{ operation: { paths: [/a/b] } }] }'), deny('{ to: [{ operation: { notPaths: ["/a*"] } }] }')],
    ['all but a template', allow('{ to: [{ operation: { paths: [/a/b] } }] }'), deny('{ to: [{ operation: { notPaths: ["/a/{*}"] } }] }')],
    ['all but an alias of the identity', allow('{ from: [{ source: { principals: [cluster.local/ns/web/sa/a] } }] }'),
      deny('{ from: [{ source: { notPrincipals: [td1/ns/web/sa/a] } }] }')],
    ['all but another value of a claim', allow('{ when: [{ key: "request.auth.claims[g]", values: [a] }] }'),
      deny('{ when: [{ key: "request.auth.claims[g]", notValues: [b] }] }')],
    ['the account of every identity', allow('{ from: [{ source: { namespaces: [web] } }] }'), deny('{ from: [{ source: { serviceAccounts: [web/a] } }] }')],
    ['a smaller block', allow('{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }'), deny('{ from: [{ source: { ipBlocks: [10.1.0.0/16] } }] }')],
    ['other pods', allow('{}'), deny('{}', 'shop', CATALOG)],
    ['another namespace', allow('{}'), deny('{}', 'other')],
    ['a longer prefix', allow('{ to: [{ operation: { paths: ["/a*"] } }] }'), deny('{ to: [{ operation: { paths: ["/ab*"] } }] }')],
    ['a template', allow('{ to: [{ operation: { paths: ["/a/{*}"] } }] }'), deny('{ to: [{ operation: { paths: ["/a/b"] } }] }')],
  ])('is silent where DENY covers %s', (_, ...manifests) => expect(found('allow-rule-denied', manifests)).toEqual([]));
});

describe('exclusion-admits-plaintext', () => {
  const excluding = (source: string, more = '') => policy(`{ rules: [{ from: [{ source: { ${source} } }]${more} }] }`);
  const peers = (mode: string, home = 'shop') => security('PeerAuthentication', `{ mtls: { mode: ${mode} } }`, home);
  test.each([
    ['notNamespaces', [excluding('notNamespaces: [batch]')]],
    ['notPrincipals', [excluding('notPrincipals: [cluster.local/ns/batch/sa/jobs]')]],
    ['a negated condition', [policy('{ rules: [{ when: [{ key: source.namespace, notValues: [batch] }] }] }')]],
    ['one source, beside another one with identities',
      [policy('{ rules: [{ from: [{ source: { principals: ["*"] } }, { source: { notNamespaces: [batch] } }] }] }')]],
    ['pods in mode PERMISSIVE', [excluding('notNamespaces: [batch]'), peers('PERMISSIVE'), peers('STRICT', 'istio-system')]],
  ])('is reported for %s', (_, manifests) => {
    expect(found('exclusion-admits-plaintext', [HTTP, ...manifests])).toEqual([expect.stringMatching(/^warning .*have no identity: all of them get in/)]);
  });
  test.each([
    ['pods in mode STRICT', [excluding('notNamespaces: [batch]'), peers('STRICT')]],
    ['a mesh in mode STRICT', [excluding('notNamespaces: [batch]'), peers('STRICT', 'istio-system')]],
    ['a source that names identities', [excluding('notNamespaces: [batch], principals: ["*"]')]],
    ['a condition that names identities', [excluding('notNamespaces: [batch]', ', when: [{ key: source.principal, values: ["*"] }]')]],
    ['a rule for callers in plaintext alone', [excluding('notPrincipals: ["*"]')]],
    ['DENY, which excludes callers from a denial', [policy('{ action: DENY, rules: [{ from: [{ source: { notNamespaces: [shop] } }] }] }')]],
  ])('is silent for %s', (_, manifests) => expect(found('exclusion-admits-plaintext', [HTTP, ...manifests])).toEqual([]));
});

describe('access-port-of-service', () => {
  const ports = (field: string) => policy(`{ selector: { matchLabels: { app: catalog } }, rules: [{ to: [{ operation: { ${field} } }] }] }`);
  test.each([
    ['ports', ports('ports: ["80"]')],
    ['notPorts', ports('notPorts: ["80"]')],
    ['a condition', policy('{ rules: [{ when: [{ key: destination.port, values: ["80"] }] }] }')],
  ])('is reported for the port of the Service in %s', (_, object) => {
    expect(found('access-port-of-service', [HTTP, object])).toEqual([
      expect.stringMatching(/^warning .*: callers of the Service use port 80, but its pods listen on '8080', so no call has this port$/),
    ]);
  });
  test.each([
    ['the port of the pods', [HTTP, ports('ports: ["8080"]')]],
    ['a port that no Service has', [HTTP, ports('ports: ["9999"]')]],
    ['a port that other pods listen on', [HTTP, pods('web', '{ name: http, port: 80 }'), policy('{ rules: [{ to: [{ operation: { ports: ["80"] } }] }] }')]],
    ['pods of another Service', [HTTP, pods('web', '{ name: http, port: 90 }'),
      policy('{ selector: { matchLabels: { app: web } }, rules: [{ to: [{ operation: { ports: ["80"] } }] }] }')]],
  ])('is silent for %s', (_, manifests) => expect(found('access-port-of-service', manifests)).toEqual([]));
});

describe('custom-provider-refused', () => {
  const opa = (port = 9191) => ({ service: 'opa.shop.svc.cluster.local', port });
  const asking = (name: string, provider: string, selector = 'app: catalog') => (
    policy(`{ selector: { matchLabels: { ${selector} } }, action: CUSTOM, provider: { name: ${provider} }, rules: [{}] }`, 'shop', name));
  const reported = (manifests: readonly string[], extensionProviders: MeshConfigFields['extensionProviders']) => (
    found('custom-provider-refused', [HTTP, pods('opa', '{ name: grpc, port: 9191 }'), ...manifests], { meshConfig: { extensionProviders } }));

  test.each([
    ['MeshConfig does not have', [], /^error spec\.provider\.name: MeshConfig has no provider 'opa', so Envoy denies every request that the rules name$/],
    ['writes logs', [{ name: 'opa', envoyFileAccessLog: { path: '/dev/stdout' } }], /the provider 'opa' of MeshConfig is not an external authorizer/],
    ['MeshConfig has twice', [{ name: 'opa', envoyExtAuthzGrpc: opa() }, { name: 'opa', envoyExtAuthzHttp: opa() }],
      /MeshConfig has 2 providers with the name 'opa'/],
    ['has a wrong status', [{ name: 'opa', envoyExtAuthzGrpc: { ...opa(), statusOnError: 'none' } }], /istiod refuses the settings of the provider 'opa'/],
  ])('is reported for a provider that %s', (_, providers, told) => {
    expect(reported([asking('it', 'opa')], providers)).toEqual([expect.stringMatching(told)]);
  });

  test('is silent for a provider of MeshConfig, also if the input lacks its Service', () => {
    expect(reported([asking('it', 'opa')], [{ name: 'opa', envoyExtAuthzGrpc: opa() }])).toEqual([]);
    expect(reported([asking('it', 'opa')], [{ name: 'opa', envoyExtAuthzGrpc: { service: 'absent.example.com', port: 1 } }])).toEqual([]);
  });
});

test('a flag of istiod decides about two providers for the same pods, so that is a warning', () => {
  const asking = (name: string, provider: string, selector = 'app: catalog') => (
    policy(`{ selector: { matchLabels: { ${selector} } }, action: CUSTOM, provider: { name: ${provider} }, rules: [{}] }`, 'shop', name));
  const reported = (...manifests: string[]) => found('several-custom-providers', [HTTP, pods('opa', '{ name: grpc, port: 9191 }'), ...manifests]);
  expect(reported(asking('one', 'opa'), asking('two', 'other'))).toEqual([
    expect.stringMatching(/^warning spec\.provider\.name: AuthorizationPolicy shop\/two asks 'other' for the same pods: unless istiod sets PILOT_ENABLE/),
    expect.stringMatching(/^warning spec\.provider\.name: AuthorizationPolicy shop\/one asks 'opa' for the same pods/),
  ]);
  expect(reported(asking('one', 'opa'), asking('two', 'other', 'app: opa'))).toEqual([]);
});

describe('paths and their normalization', () => {
  const denying = (path: string) => policy(`{ action: DENY, rules: [{ to: [{ operation: { paths: ["${path}"] } }] }] }`);
  const normalized = (normalization: string) => ({ meshConfig: { pathNormalization: { normalization } } });
  test.each([
    ['/%61', 'DEFAULT'], ['/a/../b', 'BASE'], ['/a b', 'BASE'], ['/a//b', 'MERGE_SLASHES'], ['/a%2Fb', 'DECODE_AND_MERGE_SLASHES'],
    ['*/a//b', 'DECODE_AND_MERGE_SLASHES'],
  ])('no path is %s with %s', (path, normalization) => {
    expect(found('access-path-not-normalized', [denying(path)], normalized(normalization))).toHaveLength(1);
  });
  test.each([
    ['/%61', 'NONE'], ['/a/../b', 'NONE'], ['/a//b', 'BASE'], ['/a%2Fb', 'MERGE_SLASHES'], ['//', 'MERGE_SLASHES'], ['/a/{*}', 'BASE'],
    ['/a..b*', 'BASE'],
  ])('a path may be %s with %s', (path, normalization) => {
    expect(found('access-path-not-normalized', [denying(path)], normalized(normalization))).toEqual([]);
  });
  const route = (match: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ match: [{ uri: ${match} }], route: [{ destination: { host: catalog } }] }] }
`;
  test('conditions of routes respect it too', () => {
    const dotted = route('{ exact: /a/../b }');
    const caret = route("{ regex: '/a\\^b' }");
    expect(found('path-not-normalized', [HTTP, dotted])).toHaveLength(1);
    expect(found('path-not-normalized', [HTTP, dotted], normalized('NONE'))).toEqual([]);
    expect(found('path-not-normalized', [HTTP, route('{ exact: /a//b }')], normalized('MERGE_SLASHES'))).toHaveLength(1);
    expect(found('regex-never-matches', [HTTP, caret])).toHaveLength(1);
    expect(found('regex-never-matches', [HTTP, caret], normalized('NONE'))).toEqual([]);
  });
});

describe('identities', () => {
  const from = (source: string) => policy(`{ rules: [{ from: [{ source: { ${source} } }] }] }`);
  test.each([
    ['the pods take mutual TLS at one port', [HTTP, from('namespaces: [a]'), security('PeerAuthentication',
      '{ selector: { matchLabels: { app: catalog } }, mtls: { mode: DISABLE }, portLevelMtls: { 8080: { mode: STRICT } } }')]],
    ['nothing is said of mutual TLS', [HTTP, from('namespaces: [a]'), security('PeerAuthentication', '{}')]],
    ['the rule is about addresses', [HTTP, from('ipBlocks: [10.0.0.0/8]'), security('PeerAuthentication', '{ mtls: { mode: DISABLE } }')]],
  ])('identity-without-mutual-tls is silent where %s', (_, manifests) => expect(found('identity-without-mutual-tls', manifests)).toEqual([]));
  test.each(['principals: ["*"]', 'notNamespaces: [a]', 'serviceAccounts: [a]', 'trustDomains: [a]'])(
    'identity-without-mutual-tls is reported for %s', source => {
      const mesh = security('PeerAuthentication', '{ mtls: { mode: DISABLE } }', 'istio-system');
      expect(found('identity-without-mutual-tls', [HTTP, from(source), mesh])).toHaveLength(1);
    });
  test.each([
    ['serviceAccounts: [gone]', 1], ['notServiceAccounts: [shop/gone]', 1], ['principals: ["*/ns/shop/sa/gone"]', 1],
    ['serviceAccounts: [default]', 0], ['principals: ["*/sa/gone"]', 0], ['principals: ["cluster.local/ns/shop/*"]', 0],
  ])('unknown-service-account: %s gives %d findings', (source, number) => {
    expect(found('unknown-service-account', [HTTP, from(source)])).toHaveLength(number);
  });
  test('unknown-service-account is silent about accounts of pods that may lie outside the input, and of ServiceAccounts', () => {
    const account = '\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: gone, namespace: shop }\n';
    expect(found('unknown-service-account', [HTTP, from('serviceAccounts: [gone]')], { complete: false }))
      .toEqual(['info undefined: 1 service account may lie outside the input']);
    expect(found('unknown-service-account', [HTTP, from('serviceAccounts: [gone]'), account])).toEqual([]);
  });
  test.each([
    ['principals: ["other/ns/a/sa/b"]', 1], ['trustDomains: [other]', 1], ['principals: ["cluster.local/ns/a/sa/b"]', 0],
    ['principals: ["alias/ns/a/sa/b"]', 0], ['principals: ["*/ns/a/sa/b"]', 0], ['notPrincipals: ["other/ns/a/sa/b"]', 0],
    ['trustDomains: ["o*"]', 0], ['principals: ["ca/ns/a/sa/b"]', 0],
  ])('foreign-trust-domain: %s gives %d findings', (source, number) => {
    const meshConfig = { trustDomain: 'mesh', trustDomainAliases: ['alias'], caCertificates: [{ trustDomains: ['ca'] }] };
    expect(found('foreign-trust-domain', [from(source)], { meshConfig })).toHaveLength(number);
  });
});

describe('policies and the pods that they select', () => {
  const allow = (selector: string, home = 'shop') => policy(`{ ${selector}rules: [{}] }`, home);
  test.each([
    ['labels of no pod', [HTTP, allow('selector: { matchLabels: { app: x } }, ')], 1],
    ['labels of pods of another namespace', [HTTP, allow('selector: { matchLabels: { app: catalog } }, ', 'other')], 1],
    ['a namespace without pods', [HTTP, allow('', 'other')], 1],
    ['labels of pods, from the root namespace', [HTTP, allow('selector: { matchLabels: { app: catalog } }, ', 'istio-system')], 0],
    ['the whole mesh', [HTTP, allow('', 'istio-system')], 0],
    ['pods without a sidecar', [HTTP.replace('inject: "true"', 'inject: "false"'), allow('')], 1],
    ['pods in ambient mode', [HTTP.replace(', sidecar.istio.io/inject: "true"', ''), namespace('shop', 'istio.io/dataplane-mode: ambient'), allow('')], 0],
    ['pods that state ambient mode', [HTTP.replace('sidecar.istio.io/inject: "true"', 'istio.io/dataplane-mode: ambient'),
      namespace('shop', 'team: a'), allow('')], 0],
    ['a Service', [HTTP, policy('{ targetRefs: [{ kind: Service, group: "", name: catalog }], rules: [{}] }')], 0],
  ])('authorization-policy-selects-no-pods: %s', (_, manifests, number) => {
    expect(found('authorization-policy-selects-no-pods', manifests)).toHaveLength(number);
  });
  test.each([
    ['a RequestAuthentication of no pod', security('RequestAuthentication', '{ selector: { matchLabels: { app: x } } }'), 1],
    ['a PeerAuthentication of no pod', security('PeerAuthentication', '{ selector: { matchLabels: { app: x } } }'), 1],
    ['a PeerAuthentication of a namespace', security('PeerAuthentication', '{}'), 0],
  ])('authentication-selects-no-pods: %s', (_, object, number) => {
    expect(found('authentication-selects-no-pods', [HTTP, object])).toHaveLength(number);
  });
});

describe('http-rule-in-ambient-namespace', () => {
  const AMBIENT = namespace('shop', 'istio.io/dataplane-mode: ambient');
  const bare = HTTP.replace(', sidecar.istio.io/inject: "true"', '');
  test.each([
    ['methods', policy('{ action: DENY, rules: [{ to: [{ operation: { methods: [GET] } }] }] }')],
    ['a header', policy('{ rules: [{ when: [{ key: "request.headers[x]", values: [a] }] }] }')],
    ['an external authorizer', policy('{ action: CUSTOM, provider: { name: x }, rules: [{}] }')],
    ['tokens', policy('{ rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] }')],
  ])('is reported for a rule on %s', (_, object) => expect(found('http-rule-in-ambient-namespace', [AMBIENT, bare, object])).toHaveLength(1));

  test.each([
    ['a condition on requests in a part of its own: the rule denies nothing', 'DENY',
      '{ from: [{ source: { namespaces: [a] } }], when: [{ key: "request.headers[x]", values: [a] }] }', 'this rule denies nothing'],
    ['a method beside a port: the condition is lost', 'DENY', '{ to: [{ operation: { ports: ["80"], methods: [GET] } }] }', 'istiod drops the condition'],
    ['a trust domain beside a namespace: the condition is lost', 'ALLOW',
      '{ from: [{ source: { namespaces: [a], trustDomains: [b] } }] }', 'istiod drops the condition'],
    ['a method in an entry beside a port: the entry denies nothing', 'DENY',
      '{ to: [{ operation: { ports: ["80"] } }, { operation: { methods: [GET] } }] }', 'this entry denies nothing'],
    ['a trust domain alone: the rule lets nothing in', 'ALLOW', '{ from: [{ source: { trustDomains: [b] } }] }', 'this rule lets no connection in'],
  ])('tells what ztunnel makes of %s', (_, action, rule, effect) => {
    const [finding] = found('http-rule-in-ambient-namespace', [AMBIENT, bare, policy(`{ action: ${action}, rules: [${rule}] }`)]);
    expect(finding).toContain(effect);
  });

  const GET = policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
  const labelled = (mode: string) => HTTP.replace('sidecar.istio.io/inject: "true"', `istio.io/dataplane-mode: ${mode}`);
  test('is reported for pods that state ambient mode, whatever their namespace states', () => {
    expect(found('http-rule-in-ambient-namespace', [labelled('ambient'), GET])).toHaveLength(1);
    expect(found('http-rule-in-ambient-namespace', [namespace('shop', 'istio-injection: enabled'), labelled('ambient'), GET])).toHaveLength(1);
    expect(found('http-rule-in-ambient-namespace', [AMBIENT, labelled('none'), GET])).toEqual([]);
  });

  test('is reported for a policy of the mesh that applies to pods in ambient mode', () => {
    const ofMesh = policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }', 'istio-system');
    expect(found('http-rule-in-ambient-namespace', [AMBIENT, bare, ofMesh])).toHaveLength(1);
    expect(found('http-rule-in-ambient-namespace', [namespace('shop', 'istio-injection: enabled'), bare, ofMesh])).toEqual([]);
  });
  test.each([
    ['callers', [AMBIENT, bare, policy('{ rules: [{ from: [{ source: { namespaces: [a] } }], to: [{ operation: { ports: ["80"] } }] }] }')]],
    ['methods of pods with a sidecar', [AMBIENT, HTTP, policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }')]],
    ['methods in a namespace with sidecars', [namespace('shop', 'istio-injection: enabled'), bare,
      policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }')]],
    ['methods of a Service', [AMBIENT, bare, policy(
      '{ targetRefs: [{ kind: Service, group: "", name: catalog }], rules: [{ to: [{ operation: { methods: [GET] } }] }] }')]],
  ])('is silent about a rule on %s', (_, manifests) => expect(found('http-rule-in-ambient-namespace', manifests)).toEqual([]));
});

describe('hosts and their ports', () => {
  const denying = (hosts: string) => policy(`{ action: DENY, rules: [{ to: [{ operation: { hosts: [${hosts}] } }] }] }`);
  const at = (port: number) => pods('catalog', `{ name: http, port: ${port}, targetPort: 8080 }`);
  test.each([
    ['catalog', 8080, 1], ['"*.example.com"', 8080, 1], ['catalog', 80, 0], ['"catalog*"', 8080, 0], ['"catalog:8080", catalog', 8080, 0],
    ['"catalog:443"', 443, 1], ['"catalog:443", catalog', 443, 0], ['"catalog:8080"', 8080, 0],
  ])('%s of pods at port %d gives %d findings', (hosts, port, number) => {
    expect(found('access-host-port', [at(port), denying(hosts)])).toHaveLength(number);
  });
  test('is silent about pods that one Service has at port 80', () => {
    expect(found('access-host-port', [pods('catalog', '{ name: a, port: 80 }, { name: b, port: 8080 }'), denying('catalog')])).toEqual([]);
  });
});

describe('addresses that proxies state', () => {
  const from = (source: string, more = '') => policy(`{ rules: [{ from: [{ source: { ${source} } }]${more} }] }`);
  test.each([
    ['remoteIpBlocks alone', from('remoteIpBlocks: [10.0.0.0/8]'), 1],
    ['remoteIpBlocks of a caller', from('remoteIpBlocks: [10.0.0.0/8], namespaces: [edge]'), 0],
    ['remoteIpBlocks with a condition on the caller', from('remoteIpBlocks: [10.0.0.0/8]',
      ', when: [{ key: source.namespace, values: [edge] }]'), 0],
    ['a condition on remote.ip', policy('{ rules: [{ when: [{ key: remote.ip, values: [10.0.0.0/8] }] }] }'), 1],
    ['notRemoteIpBlocks', from('notRemoteIpBlocks: [10.0.0.0/8]'), 0],
    ['addresses of connections', from('ipBlocks: [10.0.0.0/8]'), 0],
  ])('%s at a sidecar', (_, object, number) => expect(found('remote-address-of-any-caller', [HTTP, object])).toHaveLength(number));

  const GATEWAY = `${pods('catalog', '{ name: http, port: 80 }')}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
`;
  test('at a gateway, they need trusted proxies', () => {
    const object = from('remoteIpBlocks: [10.0.0.0/8]');
    const proxies = (numTrustedProxies: number) => ({ meshConfig: { defaultConfig: { gatewayTopology: { numTrustedProxies } } } });
    expect(found('remote-address-without-trusted-proxies', [GATEWAY, object], proxies(0))).toHaveLength(1);
    expect(found('remote-address-without-trusted-proxies', [GATEWAY, object], proxies(1))).toEqual([]);
    expect(found('remote-address-of-any-caller', [GATEWAY, object])).toEqual([]);
  });
});

describe('PeerAuthentications', () => {
  const peers = (spec: string, home?: string, name?: string) => security('PeerAuthentication', spec, home, name);
  const CATALOG = 'selector: { matchLabels: { app: catalog } }';
  test.each([
    ['a selector in the root namespace', [peers(`{ ${CATALOG}, mtls: { mode: STRICT } }`, 'istio-system')], 1],
    ['the port of the Service', [peers(`{ ${CATALOG}, portLevelMtls: { 80: { mode: STRICT } } }`)], 1],
    ['the port of the pods', [peers(`{ ${CATALOG}, portLevelMtls: { 8080: { mode: STRICT } } }`)], 0],
    ['a port of no Service', [peers(`{ ${CATALOG}, portLevelMtls: { 15020: { mode: STRICT } } }`)], 0],
  ])('peer-authentication-without-effect: %s', (_, objects, number) => {
    expect(found('peer-authentication-without-effect', [HTTP, ...objects])).toHaveLength(number);
  });
  test.each([
    ['two of a namespace', [peers('{}', 'shop', 'a'), peers('{}', 'shop', 'b')], 2],
    ['two that select the same pods', [peers(`{ ${CATALOG} }`, 'shop', 'a'), peers(`{ ${CATALOG} }`, 'shop', 'b')], 2],
    ['one of a namespace and one of pods', [peers('{}', 'shop', 'a'), peers(`{ ${CATALOG} }`, 'shop', 'b')], 0],
    ['those of two namespaces', [peers('{}', 'shop', 'a'), peers('{}', 'istio-system', 'b')], 0],
  ])('several-peer-authentications: %s', (_, objects, number) => {
    expect(found('several-peer-authentications', [HTTP, ...objects])).toHaveLength(number);
  });
});

describe('patches of EnvoyFilters', () => {
  const patch = (applyTo: string, operation: string, priority = 0) => `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: web, namespace: shop }
spec: { priority: ${priority}, configPatches: [{ applyTo: ${applyTo}, patch: { operation: ${operation}, value: { name: added } } }] }
`;
  test.each([
    ['replace-patch-ignored', 'CLUSTER', 'REPLACE', 1], ['replace-patch-ignored', 'LISTENER_FILTER', 'REPLACE', 0],
    ['replace-patch-ignored', 'VIRTUAL_HOST', 'REPLACE', 0], ['add-patch-ignored', 'ROUTE_CONFIGURATION', 'ADD', 1],
    ['add-patch-ignored', 'HTTP_ROUTE', 'ADD', 0], ['remove-patch-ignored', 'ROUTE_CONFIGURATION', 'REMOVE', 1],
    ['remove-patch-ignored', 'HTTP_ROUTE', 'REMOVE', 0], ['relative-patch-without-priority', 'HTTP_FILTER', 'INSERT_AFTER', 1],
    ['relative-patch-without-priority', 'HTTP_FILTER', 'INSERT_FIRST', 0],
  ])('%s: %s with %s gives %d findings', (rule, applyTo, operation, number) => {
    expect(found(rule, [patch(applyTo, operation)])).toHaveLength(number);
  });
  test('a priority orders them', () => {
    expect(found('relative-patch-without-priority', [patch('HTTP_FILTER', 'REMOVE', 5)])).toEqual([]);
  });
});

test('objects that Kubernetes rejects are repaired by what the field requires', () => {
  const service = (ports: string) => `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { ports: ${ports} }
`;
  const repairs = (ports: string) => analyze(parseManifests(service(ports)).objects, { rules: ['rejected-by-kubernetes'] })
    .map(({ cause, repair }) => `${cause}; ${repair}`);
  expect(repairs('[{ name: http, port: "80" }]')).toEqual([
    'spec.ports[0].port is "80", but must be an integer from 1 to 65535; write an integer from 1 to 65535',
  ]);
  expect(repairs('[{ name: http }]')).toEqual(['spec.ports[0].port is required; add it']);
  expect(repairs('[{ name: 1, port: 80 }]')).toEqual(['spec.ports[0].name is 1, but must be a string; put it in quotes']);
});
