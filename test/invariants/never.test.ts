import { replayed, resultOf, workload } from './mesh';

const PAYMENTS = workload('ledger', 'payments') + workload('catalog', 'shop');
const policy = (spec: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: access, namespace: payments }
spec: ${spec}
---`;
const route = (name: string, http: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec: { hosts: [${name}], http: [${http}] }
---`;
const CATALOG_NEVER_LEADS_TO_PAYMENTS = 'never: { from: [{ namespace: shop }], requests: { host: catalog.shop }, to: { namespace: payments } }';
const NEVER_FROM_DEV = 'never: { from: [{ namespace: dev }], to: { namespace: payments } }';

test('without a policy, a request from dev reaches payments', () => {
  const result = resultOf(PAYMENTS, NEVER_FROM_DEV);
  expect(result.outcome).toBe('does not hold');
  expect(result.witness?.request).toMatchObject({ url: 'http://ledger.payments.svc.cluster.local/' });
  expect(replayed(result, PAYMENTS)).toMatchObject({ outcome: 'routed', split: [{ host: 'ledger.payments.svc.cluster.local' }] });
});

test('a policy that denies the namespace keeps every request out', () => {
  const denied = policy('{ action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }');
  expect(resultOf(PAYMENTS + denied, NEVER_FROM_DEV).outcome).toBe('holds');
});

test('a policy that allows only other callers keeps every request out', () => {
  const allowed = policy('{ rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/catalog] } }] }] }');
  expect(resultOf(PAYMENTS + allowed, NEVER_FROM_DEV).outcome).toBe('holds');
  expect(resultOf(PAYMENTS + allowed, 'never: { except: [{ serviceAccount: shop/catalog }], to: { host: ledger.payments } }').outcome)
    .toBe('holds');
});

test('a policy that denies all but one path leaves a request that the witness names', () => {
  const partly = policy(`{ action: DENY, rules: [
    { from: [{ source: { namespaces: [dev] } }], to: [{ operation: { notPaths: ["/health*"] } }] }] }`);
  const result = resultOf(PAYMENTS + partly, NEVER_FROM_DEV);
  expect(result.outcome).toBe('does not hold');
  expect(result.witness?.request).toMatchObject({ url: 'http://ledger.payments.svc.cluster.local/health' });
  expect(replayed(result, PAYMENTS + partly).outcome).toBe('routed');
});

test('rules that deny all methods together, but none alone, keep every request out', () => {
  const both = policy(`{ action: DENY, rules: [
    { from: [{ source: { namespaces: [dev] } }], to: [{ operation: { methods: [GET] } }] },
    { from: [{ source: { namespaces: [dev] } }], to: [{ operation: { notMethods: [GET] } }] }] }`);
  expect(resultOf(PAYMENTS + both, NEVER_FROM_DEV).outcome).toBe('holds');
});

test('a route of another host that leads to payments counts', () => {
  const hidden = route('catalog', `
    { match: [{ uri: { prefix: /pay } }], route: [{ destination: { host: ledger.payments.svc.cluster.local } }] },
    { route: [{ destination: { host: catalog } }] }`);
  const result = resultOf(PAYMENTS + hidden, CATALOG_NEVER_LEADS_TO_PAYMENTS);
  expect(result.outcome).toBe('does not hold');
  expect(result.witness?.request).toMatchObject({ url: 'http://catalog.shop.svc.cluster.local/pay' });
  expect(replayed(result, PAYMENTS + hidden)).toMatchObject({ outcome: 'routed', split: [{ host: 'ledger.payments.svc.cluster.local' }] });
});

test('a route that earlier routes shadow together does not count', () => {
  const shadowed = route('catalog', `
    { match: [{ uri: { regex: "/pay.*[0-9]" } }], route: [{ destination: { host: catalog } }] },
    { match: [{ uri: { regex: "/pay(.*[^0-9])?" } }], route: [{ destination: { host: catalog } }] },
    { match: [{ uri: { prefix: /pay } }], route: [{ destination: { host: ledger.payments.svc.cluster.local } }] },
    { route: [{ destination: { host: catalog } }] }`);
  expect(resultOf(PAYMENTS + shadowed, CATALOG_NEVER_LEADS_TO_PAYMENTS).outcome).toBe('holds');
});

test('a mirrored copy reaches a service too', () => {
  const mirrored = route('catalog', '{ route: [{ destination: { host: catalog } }], mirror: { host: ledger.payments.svc.cluster.local } }');
  const result = resultOf(PAYMENTS + mirrored, CATALOG_NEVER_LEADS_TO_PAYMENTS);
  expect(result.outcome).toBe('does not hold');
  expect(replayed(result, PAYMENTS + mirrored).mirrors).toMatchObject([{ host: 'ledger.payments.svc.cluster.local' }]);
});

test('a policy that names an account of a namespace without workloads is found out by that account', () => {
  const allowed = policy('{ rules: [{ from: [{ source: { principals: [cluster.local/ns/dev/sa/batch] } }] }] }');
  const result = resultOf(PAYMENTS + allowed, NEVER_FROM_DEV);
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { as: { namespace: 'dev', serviceAccount: 'batch' } } });
  expect(replayed(result, PAYMENTS + allowed).outcome).toBe('routed');
});

test('a rule on a claim is found out by a token that has the claim', () => {
  const allowed = `${policy('{ rules: [{ from: [{ source: { requestPrincipals: ["https://issuer.example/*"] } }] }] }')}
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: payments }
spec: { jwtRules: [{ issuer: "https://issuer.example" }] }
---`;
  const result = resultOf(PAYMENTS + allowed, NEVER_FROM_DEV);
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { token: { iss: 'https://issuer.example' } } } });
  expect(replayed(result, PAYMENTS + allowed).outcome).toBe('routed');
});

test('a rule on the address of the caller is not decided', () => {
  const allowed = policy('{ rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }] }');
  const result = resultOf(PAYMENTS + allowed, NEVER_FROM_DEV);
  expect(result.outcome).toBe('not decided');
  expect(result.reasons.join()).toContain('the address of the connection is not known');
});

test('a rule on the path is not decided behind a rewrite of the path', () => {
  const rewritten = route('catalog', '{ rewrite: { uri: /x }, route: [{ destination: { host: ledger.payments.svc.cluster.local } }] }')
    + policy('{ rules: [{ to: [{ operation: { paths: [/y] } }] }] }');
  const result = resultOf(PAYMENTS + rewritten, CATALOG_NEVER_LEADS_TO_PAYMENTS);
  expect(result.outcome).toBe('not decided');
});

test('an EnvoyFilter of the caller keeps an invariant from being proven', () => {
  const denied = policy('{ action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }');
  const filter = `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua, namespace: dev }
spec: { configPatches: [{ applyTo: CLUSTER, patch: { operation: REMOVE } }] }
---`;
  const result = resultOf(PAYMENTS + denied + filter, NEVER_FROM_DEV);
  expect(result).toMatchObject({ outcome: 'not decided', notJudged: [{ objects: ['EnvoyFilter dev/lua'] }] });
});

test('a destination that the input does not have is not decided, and the nearest one is named', () => {
  const result = resultOf(PAYMENTS, 'never: { from: [{ namespace: dev }], to: { host: leger.payments } }');
  expect(result.outcome).toBe('not decided');
  expect(result.reasons).toEqual(['the input has no Service or ServiceEntry with the host leger.payments; did you mean ledger.payments?']);
});

test('a connection without HTTP counts', () => {
  const database = `
apiVersion: v1
kind: Service
metadata: { name: db, namespace: payments }
spec: { selector: { app: db }, ports: [{ name: tcp, port: 5432 }] }
---`;
  const result = resultOf(database, NEVER_FROM_DEV);
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { url: 'tcp://db.payments.svc.cluster.local:5432' } } });
  expect(replayed(result, database).outcome).toBe('routed');
});

describe('a TCP port', () => {
  const redis = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: payments }
spec: { selector: { app: ${name} }, ports: [{ name: tcp, port: 6379 }] }
---`;
  const only = (name: string, spec: string) => policy(`{ selector: { matchLabels: { app: ${name} } }, ${spec} }`).replace('name: access', `name: ${name}`);
  const denied = only('cache', 'action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }]');
  const toCache = 'never: { from: [{ namespace: dev }], to: { host: cache.payments } }';

  test('whose pods deny the caller is not reached', () => {
    expect(resultOf(redis('cache'), toCache).outcome).toBe('does not hold');
    expect(resultOf(redis('cache') + denied, toCache)).toMatchObject({ outcome: 'holds', reasons: [] });
    expect(resultOf(PAYMENTS + redis('cache') + policy('{}'), NEVER_FROM_DEV).outcome).toBe('holds');
  });

  test('whose pods decide by what is not known of the caller is not decided', () => {
    const byAddress = only('cache', 'action: DENY, rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }]');
    expect(resultOf(redis('cache') + byAddress, toCache).outcome).toBe('not decided');
    const byAccount = only('cache', 'action: DENY, rules: [{ from: [{ source: { principals: [cluster.local/ns/dev/sa/default] } }] }]');
    expect(resultOf(redis('cache') + byAccount, toCache).outcome).not.toBe('holds');
  });

  test('that shares connections with others is reached by those that its own pods let in', () => {
    const shared = redis('cache') + redis('store') + denied + `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cache, namespace: payments }
spec: { hosts: [cache], tcp: [{ route: [{ destination: { host: cache }, weight: 50 }, { destination: { host: store }, weight: 50 }] }] }
`;
    expect(resultOf(shared, 'never: { from: [{ namespace: dev }], to: { host: store.payments } }').outcome).toBe('does not hold');
    expect(resultOf(shared, toCache).outcome).not.toBe('does not hold');
  });
});

describe('a destination that the sidecars of the callers do not have', () => {
  const hidden = (mode = '') => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: dev }
spec: { egress: [{ hosts: ["./*"] }]${mode} }
---`;
  const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: payments }
spec: { mtls: { mode: STRICT } }
---`;

  test('is not decided if they pass what is sent to its address through', () => {
    const result = resultOf(PAYMENTS + hidden(), NEVER_FROM_DEV);
    expect(result).toMatchObject({
      outcome: 'not decided',
      reasons: ['sidecars in dev do not have ledger.payments.svc.cluster.local, and pass what is sent to its address through'],
    });
  });

  test('is not reached if they know nothing else, or if its pods refuse plaintext', () => {
    expect(resultOf(PAYMENTS + hidden(', outboundTrafficPolicy: { mode: REGISTRY_ONLY }'), NEVER_FROM_DEV).outcome).toBe('holds');
    expect(resultOf(PAYMENTS + hidden() + STRICT, NEVER_FROM_DEV).outcome).toBe('holds');
    expect(resultOf(PAYMENTS + hidden() + policy('{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }'), NEVER_FROM_DEV).outcome)
      .toBe('holds');
  });

  test('is not decided if its pods refuse only some requests in plaintext', () => {
    const readable = policy('{ rules: [{ from: [{ source: { namespaces: [shop] } }] }, { to: [{ operation: { paths: [/public] } }] }] }');
    expect(resultOf(PAYMENTS + hidden() + readable, NEVER_FROM_DEV).outcome).toBe('not decided');
  });
});

describe('an invariant that no request can break, as something of it is misspelt, is not decided', () => {
  const subsets = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v2, labels: { version: v2 } }] }
---`;
  test.each([
    ['a gateway that no Gateway selects', 'never: { from: [{ gateway: istio-system/istio=ingres }], to: { namespace: payments } }',
      'no Gateway of the input selects the gateway istio-system/istio=ingres'],
    ['a subset that no DestinationRule has', 'never: { to: { host: ledger.payments, subset: v9 } }',
      'no DestinationRule for ledger.payments.svc.cluster.local has a subset v9'],
    ['a subset of another host', 'never: { to: { host: ledger.payments, subset: v2 } }',
      'no DestinationRule for ledger.payments.svc.cluster.local has a subset v2'],
    ['a port without routes', 'never: { requests: { port: 81 }, to: { host: ledger.payments } }', 'no caller has HTTP routes for port 81'],
    ['a port without routes of a host', 'never: { requests: { host: ledger.payments, port: 81 }, to: { host: ledger.payments } }',
      'no caller has HTTP routes for ledger.payments.svc.cluster.local, port 81'],
    ['an exception of all callers', 'never: { from: [{ namespace: dev }], except: [{ namespace: dev }], to: { host: ledger.payments } }',
      'the invariant has no callers: the input has none, or all of them are left out'],
    ['a path without a slash', 'always: { requests: { host: ledger.payments, match: [{ uri: { prefix: api } }] }, reach: { host: catalog.shop } }',
      'no request meets match[0]'],
    ['another authority', 'always: { requests: { host: ledger.payments, match: [{}, { authority: { exact: shop } }] }, reach: { host: ledger.payments } }',
      'no request meets match[1]'],
  ])('%s', (_, invariant, reason) => {
    expect(resultOf(PAYMENTS + subsets, invariant)).toMatchObject({ outcome: 'not decided', reasons: [reason] });
  });
});
