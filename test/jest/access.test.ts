import { Mesh } from 'cdk8s-istio/jest';

type Json = { readonly [field: string]: unknown };

const pod = (name: string, labels: Json = {}, account = name): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: name, ...labels } },
    template: { metadata: { labels: { app: name, ...labels } }, spec: { serviceAccountName: account, containers: [] } },
  },
});
const service = (name: string, ports: readonly Json[] = [{ name: 'http', port: 80, targetPort: 8080 }]): Json => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports } });
const policy = (name: string, spec: Json, namespace = 'shop'): Json => (
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace }, spec });
const peers = (mode: string): Json => (
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'shop' },
    spec: { mtls: { mode } },
  });
const tokens = (rule: Json = {}): Json => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'RequestAuthentication',
  metadata: { name: 'tokens', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'payment' } }, jwtRules: [{ issuer: 'https://issuer.example', jwks: '{"keys":[]}', ...rule }] },
});

const SHOP = [pod('webapp'), pod('payment'), service('webapp'), service('payment')];
const PAYMENT = { selector: { matchLabels: { app: 'payment' } } };
const WEBAPP = { namespace: 'shop', labels: { app: 'webapp' } };
const from = (...principals: string[]) => [{ source: { principals } }];
const to = (operation: Json) => [{ operation }];

const mesh = (...objects: Json[]) => Mesh.fromManifests([...SHOP, ...objects]);
const webapp = (...objects: Json[]) => mesh(...objects).sidecar(WEBAPP);
const PAY = 'http://payment/pay';

describe('an ALLOW policy', () => {
  const pays = policy('pays', {
    ...PAYMENT,
    rules: [{ from: from('cluster.local/ns/shop/sa/webapp'), to: to({ methods: ['POST'], paths: ['/pay'] }) }],
  });

  test('allows the account of the calling pods', () => {
    const decision = webapp(pays).request('POST', PAY);
    expect(decision).toBeAllowed();
    expect(decision).toRouteTo('payment');
    expect(decision.access).toMatchObject({ outcome: 'allowed', by: { policy: 'AuthorizationPolicy shop/pays', rule: 0 } });
  });

  test('denies another method, path and account with 403, and says why the rule does not match', () => {
    const get = webapp(pays).get(PAY);
    expect(get).toBeDenied();
    expect(get).toRespondWith(403);
    expect(get).not.toBeDenied({ by: 'pays' });
    expect(get.explain()).toContain('AuthorizationPolicy shop/pays, rules[0]: no, the method is \'GET\' but must be \'POST\'');
    expect(webapp(pays).request('POST', 'http://payment/refund')).toBeDenied();
    expect(webapp(pays).as({ serviceAccount: 'batch' }).request('POST', PAY)).toBeDenied();
    expect(webapp(pays).as({ serviceAccount: 'webapp', namespace: 'other' }).request('POST', PAY)).toBeDenied();
  });

  test('ignores the query of the path', () => {
    expect(webapp(pays).request('POST', `${PAY}?now`)).toBeAllowed();
  });

  test('counts for its pods alone', () => {
    expect(webapp(pays).get('http://webapp/')).toBeAllowed();
    expect(webapp(pays).get('http://webapp/').access).toBeUndefined();
  });

  test('leaves a caller without pods in the input undecided, where the account matters', () => {
    const stranger = mesh(pays).sidecar({ namespace: 'shop', labels: { app: 'stranger' } });
    expect(stranger.request('POST', PAY).outcome).toBe('undecided');
    expect(() => expect(stranger.request('POST', PAY)).toBeAllowed()).toThrow('is not decided');
    expect(stranger.get(PAY)).toBeDenied();
    expect(mesh(pays).sidecar({ namespace: 'other' }).request('POST', 'http://payment.shop/pay')).toBeDenied();
    expect(
      mesh(policy('ns', { rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] }))
        .sidecar({ namespace: 'shop' })
        .get(PAY),
    ).toBeAllowed();
  });

  test('without rules denies everything, and with an empty rule allows everything', () => {
    expect(webapp(policy('nothing', {})).get(PAY)).toBeDenied();
    expect(webapp(policy('everything', { rules: [{}] })).get(PAY)).toBeAllowed();
    expect(webapp(policy('nothing', {}), policy('everything', { rules: [{}] })).get(PAY)).toBeAllowed();
  });

  test('of the root namespace counts in every namespace', () => {
    expect(webapp(policy('nothing', {}, 'istio-system')).get(PAY)).toBeDenied();
  });

  test('in a dry run denies nothing', () => {
    const dry = { ...policy('nothing', {}), metadata: { name: 'nothing', namespace: 'shop', annotations: { 'istio.io/dry-run': 'true' } } };
    expect(webapp(dry).get(PAY)).toBeAllowed();
  });
});

describe('a DENY policy', () => {
  const admin = policy('admin', { ...PAYMENT, action: 'DENY', rules: [{ to: to({ paths: ['/admin*'] }) }] });

  test('denies what it matches, and names itself', () => {
    expect(webapp(admin).get('http://payment/admin/users')).toBeDenied({ by: 'admin' });
    expect(webapp(admin).get('http://payment/admin/users')).toBeDenied({ by: 'shop/admin' });
    expect(webapp(admin).get('http://payment/pay')).toBeAllowed();
  });

  test('sees the path after normalization, which keeps repeated slashes', () => {
    expect(webapp(admin).get('http://payment/x/../admin')).toBeDenied();
    expect(webapp(admin).get('http://payment/%61dmin')).toBeDenied();
    expect(webapp(admin).get('http://payment//admin')).toBeAllowed();
  });

  test('wins over ALLOW', () => {
    expect(webapp(admin, policy('all', { rules: [{}] })).get('http://payment/admin')).toBeDenied({ by: 'admin' });
  });

  test('sees the path that a route rewrites', () => {
    const route = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'payment', namespace: 'shop' },
      spec: {
        hosts: ['payment'],
        http: [{ match: [{ uri: { prefix: '/v1/' } }], rewrite: { uri: '/' }, route: [{ destination: { host: 'payment' } }] }],
      },
    };
    expect(webapp(admin, route).get('http://payment/v1/admin')).toBeDenied();
  });

  test('on a header is undecided where the value is not known, and decided where it is', () => {
    const tenant = policy('tenant', {
      ...PAYMENT,
      action: 'DENY',
      rules: [{ when: [{ key: 'request.headers[x-tenant]', notValues: ['a'] }] }],
    });
    expect(webapp(tenant).get(PAY, { headers: { 'x-tenant': 'a' } })).toBeAllowed();
    expect(webapp(tenant).get(PAY, { headers: { 'x-tenant': 'b' } })).toBeDenied();
    expect(webapp(tenant).get(PAY)).toBeDenied();
  });

  test('on an address asks for the address of the caller', () => {
    const block = policy('block', { ...PAYMENT, action: 'DENY', rules: [{ from: [{ source: { ipBlocks: ['10.1.0.0/16'] } }] }] });
    expect(webapp(block).get(PAY).outcome).toBe('undecided');
    expect(webapp(block).get(PAY, { sourceAddress: '10.1.2.3' })).toBeDenied();
    expect(webapp(block).get(PAY, { sourceAddress: '10.2.2.3' })).toBeAllowed();
  });

  test('on the forwarded address trusts the last entry of x-forwarded-for, from any caller', () => {
    const block = policy('block', { ...PAYMENT, action: 'DENY', rules: [{ from: [{ source: { remoteIpBlocks: ['10.1.0.0/16'] } }] }] });
    expect(webapp(block).get(PAY, { headers: { 'x-forwarded-for': '1.1.1.1, 10.1.2.3' } })).toBeDenied();
    expect(webapp(block).get(PAY, { headers: { 'x-forwarded-for': '10.1.2.3, 1.1.1.1' }, sourceAddress: '10.1.2.3' })).toBeAllowed();
  });
});

describe('mutual TLS', () => {
  test('STRICT resets the connection of a caller in plaintext', () => {
    const decision = webapp(peers('STRICT')).plaintext().get(PAY);
    expect(decision.outcome).toBe('reset');
    expect(decision.status).toBeUndefined();
    expect(decision).toBeDenied();
    expect(webapp(peers('STRICT')).get(PAY)).toBeAllowed();
    expect(webapp(peers('PERMISSIVE')).plaintext().get(PAY)).toBeAllowed();
  });

  test('without it a caller has no identity', () => {
    const rule = policy('known', { rules: [{ from: from('*') }] });
    expect(webapp(rule).plaintext().get(PAY)).toBeDenied();
    expect(webapp(rule, peers('DISABLE')).get(PAY)).toBeDenied();
    expect(webapp(rule).get(PAY)).toBeAllowed();
  });

  test('a DestinationRule that switches it off meets STRICT with a reset', () => {
    const off = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'payment', namespace: 'shop' },
      spec: { host: 'payment', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    };
    expect(webapp(off, peers('STRICT')).get(PAY).outcome).toBe('reset');
  });
});

describe('a token', () => {
  const users = policy('users', {
    ...PAYMENT,
    rules: [
      {
        from: [{ source: { requestPrincipals: ['https://issuer.example/*'] } }],
        when: [{ key: 'request.auth.claims[groups]', values: ['staff'] }],
      },
    ],
  });
  const claims = { iss: 'https://issuer.example', sub: 'alice', groups: ['staff', 'admins'] };

  test('counts by its claims', () => {
    const caller = webapp(tokens(), users);
    expect(caller.withToken(claims).get(PAY)).toBeAllowed();
    expect(caller.withToken({ ...claims, groups: 'staff' }).get(PAY)).toBeAllowed();
    expect(caller.withToken({ ...claims, groups: ['guests'] }).get(PAY)).toBeDenied();
    expect(caller.get(PAY)).toBeDenied();
  });

  test('of an unknown issuer or out of date is 401, for another audience 403', () => {
    expect(webapp(tokens()).withToken({ iss: 'other' }).get(PAY)).toBeUnauthorized();
    expect(webapp(tokens()).withToken({ ...claims, exp: 1 }).get(PAY)).toBeUnauthorized();
    expect(webapp(tokens({ audiences: ['pay'] })).withToken({ ...claims, aud: 'shop' }).get(PAY)).toBeDenied();
    expect(webapp(tokens({ audiences: ['pay'] })).withToken({ ...claims, aud: ['shop', 'pay'] }).get(PAY)).toBeAllowed();
  });

  test('that nothing verifies counts for no rule', () => {
    expect(webapp(users).withToken(claims).get(PAY)).toBeDenied();
  });

  test('in a header is not read, so that nothing is decided', () => {
    expect(webapp(tokens(), users).get(PAY, { headers: { authorization: 'Bearer abc' } }).outcome).toBe('undecided');
    expect(webapp(tokens(), users).get(PAY, { headers: { authorization: 'Basic abc' } })).toBeDenied();
  });
});

describe('an external authorizer', () => {
  const options = {
    meshConfig: { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: { service: 'payment.shop.svc.cluster.local', port: 80 } }] },
  };
  const custom = policy('asks', { ...PAYMENT, action: 'CUSTOM', provider: { name: 'opa' }, rules: [{ to: to({ paths: ['/pay'] }) }] });
  const caller = Mesh.fromManifests([...SHOP, custom], options).sidecar(WEBAPP);

  test('decides what its policy matches, which is not guessed', () => {
    expect(caller.get(PAY).outcome).toBe('undecided');
    expect(caller.get('http://payment/other')).toBeAllowed();
    expect(caller.authorized('allows').get(PAY)).toBeAllowed();
    expect(caller.authorized('denies').get(PAY)).toBeDenied();
  });

  test('that MeshConfig does not have denies what its policy matches', () => {
    const without = Mesh.fromManifests([...SHOP, custom], { meshConfig: {} }).sidecar(WEBAPP);
    expect(without.get(PAY)).toBeDenied({ by: 'asks' });
    expect(without.get('http://payment/other')).toBeAllowed();
  });

  test.each([
    ['MeshConfig', {}],
    ['its Service', {
      meshConfig: { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: { service: 'opa.opa.svc.cluster.local', port: 80 } }] },
    }],
  ])('is not decided where %s is not read', (_, stated) => {
    const outside = Mesh.fromManifests([...SHOP, custom], stated).sidecar(WEBAPP);
    expect(outside.get(PAY).outcome).toBe('undecided');
    expect(outside.get(PAY).explain()).toContain('asks a provider that the input does not have; add MeshConfig');
    expect(outside.authorized('denies').get(PAY)).toBeDenied();
    expect(outside.authorized('allows').get(PAY)).toBeAllowed();
    expect(outside.get('http://payment/other')).toBeAllowed();
  });
});

describe('connections without HTTP', () => {
  const db = [pod('db'), service('db', [{ name: 'tcp', port: 5432 }])];

  test('are reset where a policy denies them', () => {
    const rule = policy('db', { selector: { matchLabels: { app: 'db' } }, rules: [{ from: from('cluster.local/ns/shop/sa/payment') }] });
    const decision = webapp(...db, rule).connect('tcp://db:5432');
    expect(decision.outcome).toBe('reset');
    expect(decision).toBeDenied();
    expect(mesh(...db, rule).sidecar({ namespace: 'shop', labels: { app: 'payment' } }).connect('tcp://db:5432')).toBeAllowed();
  });

  test('meet no rule that asks for a path', () => {
    const rule = policy('db', { selector: { matchLabels: { app: 'db' } }, rules: [{ to: to({ paths: ['/'] }) }] });
    expect(webapp(...db, rule).connect('tcp://db:5432')).toBeDenied();
  });
});

describe('a gateway', () => {
  const GATEWAY = [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public', namespace: 'istio-system' },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'public', namespace: 'shop' },
      spec: { hosts: ['shop.example.com'], gateways: ['istio-system/public'], http: [{ route: [{ destination: { host: 'payment' } }] }] },
    },
  ];
  const ofGateway = (spec: Json) => policy('edge', { selector: { matchLabels: { istio: 'ingressgateway' } }, ...spec }, 'istio-system');
  const account = { serviceAccount: 'gateway', namespace: 'istio-system' };

  test('denies before a route is asked', () => {
    const gateway = mesh(...GATEWAY, ofGateway({ rules: [{ to: to({ hosts: ['shop.example.com'] }) }] })).gateway();
    expect(gateway.get('http://shop.example.com/')).toBeAllowed();
    expect(gateway.get('http://unknown.example.com/')).toBeDenied();
    expect(gateway.get('http://shop.example.com:8080/', { headers: { host: 'shop.example.com:8080' } }).outcome).not.toBe('routed');
  });

  test('reads the server name of the handshake in lower case', () => {
    const tls = { mode: 'SIMPLE', credentialName: 'shop' };
    const server = { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop.example.com'], tls };
    const secure = { ...GATEWAY[0], spec: { ...GATEWAY[0].spec, servers: [server] } };
    const named = ofGateway({ rules: [{ when: [{ key: 'connection.sni', values: ['shop.example.com'] }] }] });
    const decision = mesh(secure, GATEWAY[1], named).gateway().get('https://SHOP.example.com/');
    expect(decision.explain()).toContain('allowed: AuthorizationPolicy istio-system/edge, rules[0] allows it');
  });

  test('knows the caller by its address, and no identity', () => {
    const gateway = mesh(...GATEWAY, ofGateway({ rules: [{ from: [{ source: { remoteIpBlocks: ['198.51.100.0/24'] } }] }] })).gateway();
    expect(gateway.get('http://shop.example.com/', { sourceAddress: '198.51.100.7' })).toBeAllowed();
    expect(gateway.get('http://shop.example.com/', { sourceAddress: '203.0.113.7' })).toBeDenied();
    expect(gateway.get('http://shop.example.com/').outcome).toBe('undecided');
  });

  test('that reads the PROXY protocol knows the caller by it, and not the load balancer that opens the connection', () => {
    const meshConfig = { defaultConfig: { gatewayTopology: { proxyProtocol: {} } } };
    const ask = (field: string) => Mesh.fromManifests([
      ...SHOP, ...GATEWAY, ofGateway({ rules: [{ from: [{ source: { [field]: ['198.51.100.0/24'] } }] }] }),
    ], { meshConfig }).gateway().get('http://shop.example.com/', { sourceAddress: '198.51.100.7' });
    expect(ask('remoteIpBlocks')).toBeAllowed();
    expect(ask('ipBlocks').outcome).toBe('undecided');
  });

  test('is the caller of the pods behind it', () => {
    const rule = policy('edge', { ...PAYMENT, rules: [{ from: from('cluster.local/ns/istio-system/sa/gateway') }] });
    expect(mesh(...GATEWAY, rule).gateway().as(account).get('http://shop.example.com/')).toBeAllowed();
    expect(
      mesh(...GATEWAY, policy('inside', { ...PAYMENT, rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] }))
        .gateway()
        .get('http://shop.example.com/'),
    ).toBeDenied();
    expect(mesh(...GATEWAY, rule).gateway().get('http://shop.example.com/').outcome).toBe('undecided');
  });

  test('calls as the account that its Deployment or the cluster facts state, and is undecided where they state none', () => {
    const objects = [...SHOP, ...GATEWAY, policy('edge', { ...PAYMENT, rules: [{ from: from('cluster.local/ns/istio-system/sa/gateway') }] })];
    const fact = { name: 'ingress', namespace: 'istio-system', labels: { istio: 'ingressgateway' } };
    const ask = (more: object) => Mesh.fromManifests(objects, { facts: { gateways: [{ ...fact, ...more }] } }).gateway()
      .get('http://shop.example.com/');
    expect(ask({ serviceAccount: 'gateway' })).toBeAllowed();
    expect(ask({ serviceAccount: 'other' })).toBeDenied();
    const open = ask({});
    expect([open.outcome, open.explain()]).toEqual([
      'undecided', expect.stringContaining('is not known, and must be \'cluster.local/ns/istio-system/sa/gateway\'; name it, or add the object'),
    ]);
  });

  test('is the other end of the connections that the pods behind it see, so that the address of the caller does not count', () => {
    const blocks = (field: string) => mesh(...GATEWAY, policy('blocks', {
      ...PAYMENT, rules: [{ from: [{ source: { [field]: ['198.51.100.0/24'] } }] }],
    })).gateway().get('http://shop.example.com/', { sourceAddress: '198.51.100.7' });
    expect(blocks('remoteIpBlocks')).toBeAllowed();
    expect(blocks('ipBlocks').outcome).toBe('undecided');
    expect(blocks('ipBlocks').explain()).toContain('the address of the connection, which another proxy opens, is not known');
  });
});

describe('pods that the input does not have', () => {
  test('are known by the selector of their Service, and policies that ask for other labels stay not judged', () => {
    const objects = [service('payment'), pod('webapp'), policy('pays', { ...PAYMENT, action: 'DENY', rules: [{}] })];
    expect(Mesh.fromManifests(objects).sidecar(WEBAPP).get(PAY)).toBeDenied();
    const other = policy('v2', { selector: { matchLabels: { version: 'v2' } }, action: 'DENY', rules: [{}] });
    const decision = Mesh.fromManifests([service('payment'), pod('webapp'), other]).sidecar(WEBAPP).get(PAY);
    expect(decision.outcome).toBe('routed');
    expect(decision.notJudged).toMatchObject([{ what: 'AuthorizationPolicy', objects: ['AuthorizationPolicy shop/v2'] }]);
  });

  test('and pods without a sidecar enforce nothing, so that the policies stay not judged', () => {
    const bare = pod('payment', { 'sidecar.istio.io/inject': 'false' });
    const decision = Mesh.fromManifests([service('payment'), pod('webapp'), bare, policy('all', { action: 'DENY', rules: [{}] })])
      .sidecar(WEBAPP)
      .get(PAY);
    expect(decision.outcome).toBe('routed');
    expect(decision.notJudged.map(({ what }) => what)).toContain('AuthorizationPolicy');
  });

  test('where the pods of a service differ, the answer is undecided', () => {
    const objects = [service('payment'), pod('webapp'), pod('payment'), {
      ...pod('payment', { version: 'v2' }),
      metadata: { name: 'payment-v2', namespace: 'shop' },
    },
    policy('v2', { selector: { matchLabels: { version: 'v2' } }, action: 'DENY', rules: [{}] })];
    expect(Mesh.fromManifests(objects).sidecar(WEBAPP).get(PAY).outcome).toBe('undecided');
  });

  test('that have no sidecar in part take what the others refuse', () => {
    const bare = { ...pod('payment', { 'sidecar.istio.io/inject': 'false' }), metadata: { name: 'bare', namespace: 'shop' } };
    const decision = webapp(bare, policy('nothing', {})).get(PAY);
    expect(decision.outcome).toBe('undecided');
    expect(decision.access?.why).toBe('the pods differ: the call is denied by some, and others have no sidecar');
    expect(webapp(bare, policy('everything', { rules: [{}] })).get(PAY).outcome).toBe('routed');
  });

  test('neither allow nor deny, as far as their labels decide which policy counts', () => {
    const objects = (spec: Json) => [service('payment'), policy('v2', { selector: { matchLabels: { version: 'v2' } }, ...spec })];
    const decision = (spec: Json) => Mesh.fromManifests(objects(spec)).sidecar(WEBAPP).get(PAY);
    for (const spec of [{ action: 'DENY', rules: [{}] }, { rules: [{}] }]) {
      expect(() => expect(decision(spec)).toBeAllowed()).toThrow('is not decided');
      expect(() => expect(decision(spec)).not.toBeDenied()).toThrow('AuthorizationPolicy shop/v2');
    }
  });

  test('may accept mutual TLS alone, which matters to a caller in plaintext', () => {
    const strict = { ...peers('STRICT'), spec: { selector: { matchLabels: { version: 'v2' } }, mtls: { mode: 'STRICT' } } };
    const caller = Mesh.fromManifests([service('payment'), strict]).sidecar(WEBAPP);
    expect(caller.get(PAY)).toBeAllowed();
    expect(caller.plaintext().get(PAY).notJudged.map(({ what }) => what)).toContain('PeerAuthentication');
    expect(() => expect(caller.plaintext().get(PAY)).toBeAllowed()).toThrow('is not decided');
  });
});

test('a header that tells the claims of a token is not known, whatever the caller sends', () => {
  const rule = policy('header', {
    ...PAYMENT,
    action: 'DENY',
    rules: [{ when: [{ key: 'request.headers[x-sub]', values: ['mallory'] }] }],
  });
  const caller = webapp(tokens({ outputClaimToHeaders: [{ header: 'x-sub', claim: 'sub' }] }), rule);
  expect(caller.get(PAY, { headers: { 'x-sub': 'alice' } }).outcome).toBe('undecided');
});

test('a call to the pods of a gateway is not judged by the filters of a sidecar', () => {
  const edge = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'shop' },
    spec: { selector: { app: 'payment' }, servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  };
  const decision = webapp(edge, policy('nothing', {})).get(PAY);
  expect(decision.outcome).toBe('routed');
  expect(decision.notJudged.map(({ what }) => what)).toContain('AuthorizationPolicy');
});
