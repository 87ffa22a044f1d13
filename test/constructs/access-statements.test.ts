import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import type { WorkloadAccessProps } from 'cdk8s-istio';
import {
  AccessAction, AccessCondition, AccessPolicy, Caller, IngressGateway, Listener, MeshService, MutualTlsMode, PolicyScope, PublicHost,
  ServicePort, StringMatch, TokenAuthentication, WorkloadAccess,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

const deny = AccessAction.deny();
const web = Caller.serviceAccount('web');
const jobs = Caller.serviceAccount('jobs');
const anyone = Caller.anyone();
const KEYS = '{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}';
const ISSUER = 'https://issuer.example.com';

let chart: Chart;
let catalog: MeshService;
const access = (id: string, props: WorkloadAccessProps) => new WorkloadAccess(chart, id, { service: catalog, ...props });
const tokens = () => new TokenAuthentication(chart, 'Tokens', { service: catalog, issuer: ISSUER, jwks: KEYS });

/** Pods of an account, with the Service in front of them. */
function workload(name: string, ports: readonly object[]): ApiObject {
  const spec = { serviceAccountName: name, containers: [{ name: 'app', image: 'app' }] };
  new ApiObject(chart, `${name}-deployment`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec } },
  });
  return new ApiObject(chart, `${name}-service`, {
    apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports },
  });
}

/** The sidecar of web, in the mesh of the chart. */
const caller = (account = 'web') => Mesh.fromChart(chart).sidecar({ namespace: 'shop', labels: { app: account } });

beforeEach(() => {
  chart = newChart();
  const ports = [{ name: 'http', port: 80, targetPort: 3000 }, { name: 'tcp-db', port: 5432, targetPort: 5432 }];
  catalog = MeshService.fromService(chart, 'Catalog', workload('catalog', ports));
  for (const name of ['web', 'jobs']) workload(name, [{ name: 'http', port: 80, targetPort: 8080 }]);
});

describe('a statement that denies', () => {
  test('wins over one that allows, and leaves the others alone', () => {
    access('Callers', { callers: [web, jobs] });
    access('NoJobs', { action: deny, callers: [jobs], methods: ['DELETE'] });
    expect(caller('jobs').request('DELETE', 'http://catalog/items')).toBeDenied({ by: 'catalog.deny' });
    expect(caller('jobs').get('http://catalog/items')).toBeAllowed();
    expect(caller().request('DELETE', 'http://catalog/items')).toBeAllowed();
  });

  test('by requests leaves connections without HTTP alone', () => {
    access('NoAdmin', { action: deny, paths: [StringMatch.prefix('/admin')] });
    expect(caller().get('http://catalog/admin/users')).toBeDenied({ by: 'shop/catalog.deny' });
    expect(caller().get('http://catalog/items')).toBeAllowed();
    expect(caller().connect('tcp://catalog:5432')).toBeAllowed();
    expect(find(chart, 'AuthorizationPolicy').spec.rules).toEqual([{ to: [{ operation: { paths: ['/admin*'], ports: ['3000'] } }] }]);
  });

  test('except some callers denies all others, also in plaintext', () => {
    access('OnlyWeb', { action: deny, except: { callers: [web] }, ports: [80] });
    expect(caller().get('http://catalog/')).toBeAllowed();
    expect(caller('jobs').get('http://catalog/')).toBeDenied();
    expect(caller().plaintext().get('http://catalog/')).toBeDenied();
    expect(caller('jobs').connect('tcp://catalog:5432')).toBeAllowed();
  });

  test('a host denies it with any port', () => {
    access('NoHost', { action: deny, hosts: ['old.example.com'], methods: ['GET'] });
    const gateway = new IngressGateway(chart, 'Gateway');
    for (const host of ['old', 'new']) {
      catalog.exposeVia(new PublicHost(chart, `${host}Host`, { gateway, host: `${host}.example.com` }), { port: 80 });
    }
    const clients = Mesh.fromChart(chart).gateway();
    for (const host of ['old.example.com', 'OLD.example.com:80']) expect(clients.get(`http://${host}/`)).toBeDenied({ by: 'catalog.deny' });
    expect(clients.get('http://new.example.com/')).toBeAllowed();
    expect(find(chart, 'AuthorizationPolicy').spec.rules[0].to[0].operation.hosts).toEqual(['old.example.com', 'old.example.com:*']);
  });

  test('of the mesh and of a namespace has its own object', () => {
    new AccessPolicy(chart, 'NoBatch', { scope: PolicyScope.namespace(), action: deny, callers: [Caller.namespace('batch')] });
    new AccessPolicy(chart, 'NoWeb', { scope: PolicyScope.mesh(), action: deny, callers: [Caller.serviceAccount('web', 'shop')] });
    expect(manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy').map(({ metadata }) => metadata)).toEqual([
      { name: 'default.deny', namespace: 'istio-system' }, { name: 'default.deny', namespace: 'shop' },
    ]);
    expect(caller().get('http://catalog/')).toBeDenied({ by: 'istio-system/default.deny' });
    expect(caller('jobs').get('http://catalog/')).toBeAllowed();
  });
});

describe('deny by default', () => {
  const closed = (props: object = {}) => new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace(), denyByDefault: true, ...props });

  test('keeps the callers of all pods that the policy names', () => {
    closed({ callers: [jobs] });
    access('Web', { callers: [web] });
    expect(caller('jobs').get('http://web/')).toBeAllowed();
    expect(caller('jobs').get('http://catalog/')).toBeAllowed();
    expect(caller().get('http://catalog/')).toBeAllowed();
    expect(caller().get('http://jobs/')).toBeDenied();
  });

  test('keeps public hosts whose gateway it names', () => {
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }), { port: 80 });
    closed({ callers: [Caller.gateway('gateway')] });
    expect(find(chart, 'AuthorizationPolicy').spec.rules).toHaveLength(1);
  });
});

describe('a token', () => {
  test('with a claim lets its request pass', () => {
    tokens();
    access('Admins', { callers: [anyone], when: [AccessCondition.claim(['groups'], [StringMatch.exact('admins')])] });
    const claims = { iss: ISSUER, sub: 'a' };
    expect(caller().withToken({ ...claims, groups: ['admins', 'x'] }).get('http://catalog/')).toBeAllowed();
    expect(caller().withToken({ ...claims, groups: ['x'] }).get('http://catalog/')).toBeDenied();
    expect(caller().get('http://catalog/')).toBeDenied();
    expect(caller().withToken({ iss: 'other' }).get('http://catalog/')).toBeUnauthorized();
  });

  test('is required of all requests but some', () => {
    tokens();
    access('Required', { action: deny, except: { requestPrincipals: ['*'], paths: [StringMatch.exact('/health')] } });
    expect(caller().withToken({ iss: ISSUER, sub: 'a' }).get('http://catalog/')).toBeAllowed();
    expect(caller().get('http://catalog/')).toBeDenied({ by: 'catalog.deny' });
    expect(caller().get('http://catalog/health')).toBeAllowed();
  });

  test('of several issuers becomes one RequestAuthentication in any order', () => {
    const issue = (id: string, issuer: string) => new TokenAuthentication(chart, id, { service: catalog, issuer, audiences: ['b', 'a'] });
    issue('B', 'b');
    issue('A', 'a');
    issue('Again', 'a');
    expect(find(chart, 'RequestAuthentication')).toMatchObject({
      metadata: { name: 'catalog', namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: 'catalog' } },
        jwtRules: [{ issuer: 'a', audiences: ['a', 'b'] }, { issuer: 'b', audiences: ['a', 'b'] }],
      },
    });
  });
});

test('an external authorizer decides about some requests', () => {
  access('Ask', { action: AccessAction.custom('opa'), paths: [StringMatch.prefix('/admin')] });
  const meshConfig = { extensionProviders: [{ name: 'opa', envoyExtAuthzHttp: { service: 'opa.shop.svc.cluster.local', port: 80 } }] };
  const proxy = Mesh.fromChart(chart, { meshConfig }).sidecar({ namespace: 'shop', labels: { app: 'web' } });
  expect(proxy.authorized('denies').get('http://catalog/admin')).toBeDenied();
  expect(proxy.authorized('allows').get('http://catalog/admin')).toBeAllowed();
  expect(proxy.get('http://catalog/')).toBeAllowed();
  expect(find(chart, 'AuthorizationPolicy')).toMatchObject({ metadata: { name: 'catalog.custom' }, spec: { provider: { name: 'opa' } } });
});

test('an ingress gateway lets in clients of some addresses', () => {
  const gateway = new IngressGateway(chart, 'Gateway');
  catalog.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }), { port: 80 });
  new WorkloadAccess(chart, 'Office', { gateway, callers: [anyone], ipBlocks: ['10.0.0.0/8'] });
  const proxy = Mesh.fromChart(chart).gateway();
  expect(proxy.get('http://shop.example.com/', { sourceAddress: '10.1.2.3' })).toBeAllowed();
  expect(proxy.get('http://shop.example.com/', { sourceAddress: '192.0.2.1' })).toBeDenied();
});

test('conditions on headers, paths and addresses limit who is allowed', () => {
  access('Web', {
    callers: [web],
    pathTemplates: ['/items/{*}/reviews'],
    when: [
      AccessCondition.header('x-tenant', [StringMatch.prefix('gold-')]), AccessCondition.header('x-debug', [StringMatch.present()]).negated(),
    ],
  });
  const get = (path: string, headers: { [name: string]: string }) => caller().get(`http://catalog${path}`, { headers });
  expect(get('/items/1/reviews', { 'x-tenant': 'gold-1' })).toBeAllowed();
  expect(get('/items/1/2/reviews', { 'x-tenant': 'gold-1' })).toBeDenied();
  expect(get('/items/1/reviews', { 'x-tenant': 'silver' })).toBeDenied();
  expect(get('/items/1/reviews', { 'x-tenant': 'gold-1', 'x-debug': '1' })).toBeDenied();
});

test('the summary lists what is denied, asked and allowed', () => {
  tokens();
  access('Web', { callers: [web], when: [AccessCondition.claim(['a', 'b'], [StringMatch.exact('c')])] });
  access('NoAdmin', { action: deny, paths: [StringMatch.prefix('/admin')] });
  access('Ask', { action: AccessAction.custom('opa'), methods: ['PUT'] });
  expect(catalog.summary().split('\n').slice(-7)).toEqual([
    `  tokens of ${ISSUER}`,
    '  asks an external authorizer about:',
    '    anyone: PUT port 3000 of the pods',
    '  denied callers:',
    '    anyone: /admin* port 3000 of the pods',
    '  allowed callers:',
    '    cluster.local/ns/shop/sa/web: everything, if request.auth.claims[a][b] c',
  ]);
});

describe('contradictions name both statements', () => {
  test.each<[string, (id: string) => unknown, (id: string) => unknown, string]>([
    [
      'a statement that denies all that another allows',
      id => access(id, { callers: [web], methods: ['GET'] }),
      id => access(id, { action: deny, callers: [Caller.namespace('shop')] }),
      'chart/Second: it denies everything that chart/First allows; remove one of them, or limit what is denied',
    ],
    [
      'a statement that allows what the namespace denies',
      id => new AccessPolicy(chart, id, { scope: PolicyScope.namespace(), action: deny, callers: [Caller.namespace('batch')] }),
      id => access(id, { callers: [Caller.serviceAccount('a', 'batch')], ipBlocks: ['10.0.0.1'] }),
      'chart/Second: chart/First denies everything that it allows; remove one of them, or limit what is denied',
    ],
    [
      'two external authorizers',
      id => access(id, { action: AccessAction.custom('a'), methods: ['GET'] }),
      id => new AccessPolicy(chart, id, { scope: PolicyScope.mesh(), action: AccessAction.custom('b') }),
      'chart/Second: provider \'b\' differs from \'a\', which chart/First sets for the same pods, and Istio then denies the requests of both; '
      + 'use one provider',
    ],
    [
      'two ways to verify the tokens of an issuer',
      id => new TokenAuthentication(chart, id, { scope: PolicyScope.mesh(), issuer: 'a' }),
      id => new TokenAuthentication(chart, id, { scope: PolicyScope.mesh(), issuer: 'a', audiences: ['x'] }),
      'chart/Second: the tokens of issuer \'a\' are verified differently by chart/First for the mesh; '
      + 'use equal settings, or one TokenAuthentication',
    ],
  ])('%s', (_, first, second, message) => {
    first('First');
    expect(errorOf(() => second('Second'))).toBe(message);
  });

  test('a public host whose gateway a statement denies', () => {
    const gateway = new IngressGateway(chart, 'Gateway', { identity: Caller.gateway('edge', 'edge') });
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }), { port: 80 });
    access('NoEdge', { action: deny, callers: [Caller.namespace('edge')] });
    expect(errorOf(() => manifests(chart))).toContain("shop.example.com exposes port 80 of 'catalog', and chart/NoEdge denies its gateway, "
      + 'so Envoy denies everything that the gateway sends; except the gateway from what is denied');
  });

  test.each<[string, WorkloadAccessProps, WorkloadAccessProps]>([
    ['less methods', { callers: [web] }, { action: deny, callers: [web], methods: ['PUT'] }],
    ['less paths', { callers: [web], paths: [StringMatch.prefix('/a')] }, { action: deny, paths: [StringMatch.prefix('/a/b')] }],
    ['less addresses', { callers: [web], ipBlocks: ['10.0.0.0/8'] }, { action: deny, ipBlocks: ['10.1.0.0/16'] }],
    ['other callers', { callers: [web] }, { action: deny, callers: [jobs] }],
    ['requests with a condition', { callers: [web] }, { action: deny, when: [AccessCondition.header('a', [StringMatch.present()])] }],
    ['all but some callers', { callers: [web] }, { action: deny, except: { callers: [web] } }],
    ['one port', { callers: [web] }, { action: deny, ports: [80] }],
  ])('not one that denies %s', (_, allowed, denied) => {
    access('Allow', allowed);
    access('Deny', denied);
    expect(manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy')).toHaveLength(2);
  });
});

describe('errors at the call', () => {
  const condition = (when: AccessCondition) => access('X', { callers: [web], when: [when] });
  test.each<[string, () => unknown, RegExp]>([
    ['an address that is none', () => access('X', { callers: [anyone], ipBlocks: ['10.0.0'] }),
      /ipBlocks contains a value that is '10\.0\.0', which is neither an IP address nor a CIDR block/],
    ['forwarded addresses that callers write', () => access('X', { callers: [anyone], remoteIpBlocks: ['10.0.0.0/8'] }),
      /remoteIpBlocks are read from X-Forwarded-For, which Caller\.anyone\(\) can write; use Caller\.gateway\(\) as caller/],
    ['a template with an empty segment', () => access('X', { callers: [web], pathTemplates: ['/a//{*}'] }),
      /pathTemplates contains a value that is '\/a\/\/\{\*\}'/],
    ['a template that crashes Envoy', () => access('X', { callers: [web], pathTemplates: ['a/{*}'] }), /crashes each Envoy/],
    ['a template behind a template of the rest', () => access('X', { callers: [web], pathTemplates: ['/{**}/{*}'] }), /a template follows/],
    ['a path without template among templates', () => access('X', { callers: [web], pathTemplates: ['/a'] }), /move it to paths/],
    ['a host with a scheme', () => access('X', { callers: [web], hosts: ['http://a'] }), /hosts/],
    ['a denied host with a wildcard', () => access('X', { action: deny, hosts: ['*.example.com'] }),
      /hosts contains '\*\.example\.com', which a request with a port in its host does not match, so it is not denied; list the hosts in full/],
    ['a principal of a token without issuer', () => access('X', { callers: [anyone], requestPrincipals: ['sub'] }),
      /requestPrincipals contains 'sub', which is not ISSUER\/SUBJECT/],
    ['a principal of a token with a star inside', () => access('X', { callers: [anyone], requestPrincipals: ['a*b/sub'] }), /star inside/],
    ['a regex as claim', () => condition(AccessCondition.claim(['g'], [StringMatch.regex('a.*')])), /contains the regex 'a\.\*'/],
    ['a glob as claim', () => condition(AccessCondition.claim(['g'], [StringMatch.exact('a*')])), /does not read '\*' literally/],
    ['a claim without name', () => condition(AccessCondition.claim([], [StringMatch.present()])), /path of AccessCondition\.claim is an empty list/],
    ['a claim with a bracket', () => condition(AccessCondition.claim(['a[b]'], [StringMatch.present()])), /contains 'a\[b\]'/],
    ['a condition without values', () => condition(AccessCondition.audience([])), /empty list of values/],
    ['a header with a space', () => condition(AccessCondition.header('a b', [StringMatch.present()])), /AccessCondition\.header 'a b'/],
    ['an address of the pod that is none', () => condition(AccessCondition.destinationIp(['x'])), /destinationIp has a value that is 'x'/],
    ['callers of an external authorizer', () => access('X', { action: AccessAction.custom('a'), callers: [web] }),
      /callers reads the identity or the token of the caller/],
    ['claims of an external authorizer', () => access('X', { action: AccessAction.custom('a'), when: [AccessCondition.presenter([StringMatch.present()])] }),
      /when reads the identity or the token/],
    ['an external authorizer without name', () => access('X', { action: AccessAction.custom('') }), /AccessAction\.custom\(\) has an empty name/],
    ['exceptions from anyone', () => access('X', { callers: [anyone], except: { callers: [jobs] } }),
      /without mutual TLS, which have no identity, so except\.callers may call in plaintext; use Caller\.anyWorkload\(\)/],
    ['addresses without callers', () => access('X', { ipBlocks: ['10.0.0.1'] }), /ipBlocks is set without callers/],
    ['container ports of a service', () => access('X', { callers: [web], containerPorts: [80] }), /containerPorts is set for a service; set ports/],
    ['both targets', () => new WorkloadAccess(chart, 'X', { service: catalog, gateway: new IngressGateway(chart, 'G'), callers: [web] }),
      /service and gateway are both missing or both set/],
    ['no target', () => new WorkloadAccess(chart, 'X', { callers: [web] }), /service and gateway are both missing or both set/],
    ['identities at a gateway without client certificates',
      () => new WorkloadAccess(chart, 'X', { gateway: new IngressGateway(chart, 'G'), callers: [Caller.namespace('a')] }),
      /callers are identified by client certificates, which no listener of the ingress gateway 'g' asks for/],
    ['a mode of a gateway', () => new WorkloadAccess(chart, 'X', { gateway: new IngressGateway(chart, 'G'), mode: MutualTlsMode.STRICT }),
      /mode is set for the ingress gateway 'g', where Istio has no PeerAuthentication; use Listener\.mutualHttps\(\)/],
    ['a denial by requests at unknown ports',
      () => new AccessPolicy(chart, 'X', { scope: PolicyScope.mesh(), action: deny, methods: ['PUT'] }),
      /methods is about requests, and Istio would deny each connection without HTTP; set containerPorts/],
    ['a local caller of the mesh', () => new AccessPolicy(chart, 'X', { scope: PolicyScope.mesh(), action: deny, callers: [web] }),
      /a Caller\.serviceAccount\(\) has no namespace, and the mesh has no namespace to complete it; set the namespace of the caller/],
    ['an exception of everybody', () => access('X', { action: deny, except: { callers: [anyone, web] } }),
      /except\.callers contains Caller\.anyone\(\), and callers without mutual TLS are never excepted; name the callers/],
    ['an exception without fields', () => access('X', { action: deny, except: { callers: undefined } }), /except is an empty object/],
    ['tokens without target', () => new TokenAuthentication(chart, 'X', { issuer: 'a' }), /exactly one of service, gateway and scope is required/],
    ['tokens of no issuer', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: '' }), /issuer is empty/],
    ['keys that are none', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: 'a', jwks: 'x' }), /jwks is not a JSON Web Key Set/],
    ['private keys', () => new TokenAuthentication(chart, 'X', {
      service: catalog, issuer: 'a', jwks: '{"keys":[{"kty":"oct","k":"AQAB"}]}',
    }), /jwks has private material in key 0/],
    ['keys that Envoy refuses', () => new TokenAuthentication(chart, 'X', {
      service: catalog, issuer: 'a', jwks: '{"keys":[{"kty":"RSA","e":"AQAB","n":"AQAB"}]}',
    }), /jwks has no valid public key, so Envoy refuses it/],
    ['no keys', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: 'a', jwks: '{"keys":[]}' }), /no valid public key/],
    ['keys at a URL without scheme', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: 'a', jwksUri: 'keys' }), /jwksUri is 'keys'/],
    ['keys twice', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: 'a', jwks: KEYS, jwksUri: 'https://a' }), /both set/],
    ['a claim to a bad header', () => new TokenAuthentication(chart, 'X', { service: catalog, issuer: 'a', claimsToHeaders: { 'a b': 'c' } }),
      /a header of claimsToHeaders is 'a b'/],
    ['tokens of connections', () => new TokenAuthentication(chart, 'X', {
      service: new MeshService(chart, 'Db', { name: 'db', ports: [ServicePort.tcp(1)], selector: { app: 'db' } }), issuer: 'a',
    }), /has no HTTP ports/],
  ])('%s', (_, act, message) => {
    expect(errorOf(act)).toMatch(message);
  });
});

test('a gateway that asks for client certificates knows its callers', () => {
  const gateway = new IngressGateway(chart, 'Gateway', { listeners: [Listener.mutualHttps(443, { credentialName: 'tls' })] });
  catalog.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }), { port: 80 });
  new WorkloadAccess(chart, 'Partners', { gateway, callers: [Caller.principal('partner.example/ns/a/sa/b')] });
  expect(find(chart, 'AuthorizationPolicy')).toMatchObject({
    metadata: { name: 'partners', namespace: 'istio-system' }, spec: { selector: { matchLabels: { istio: 'ingressgateway' } } },
  });
});
