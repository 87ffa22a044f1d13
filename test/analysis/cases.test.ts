import { analyze, describeFinding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

/** The findings of a rule, one per line. */
function said(rule: string, ...manifests: string[]): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return analyze(objects, { rules: [rule], complete: true }).filter(({ rule: id }) => id !== 'kinds-missing').map(describeFinding);
}

const object = (apiVersion: string, kind: string, name: string, spec: string, namespace = 'shop') => (
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: ${spec} }`);
const istio = (kind: string, name: string, spec: string, namespace?: string) =>
  object('networking.istio.io/v1', kind, name, spec, namespace);
const service = (name: string, ports: string) => object('v1', 'Service', name, `{ selector: { app: ${name} }, ports: [${ports}] }`);
const pods = (name: string) => (
  object(
    'apps/v1',
    'Deployment',
    name,
    `{ template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] } } }`,
  ));

const secret = (name: string) => `{ apiVersion: v1, kind: Secret, metadata: { name: ${name}, namespace: shop } }`;

test('unknown-gateway says that the Gateway of that name is one of the Gateway API', () => {
  const inApi = object('gateway.networking.k8s.io/v1', 'Gateway', 'public', '{ gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }');
  const bound = istio('VirtualService', 'web', '{ hosts: [a.example.com], gateways: [public], http: [{ route: [{ destination: { host: web } }] }] }');
  expect(said('unknown-gateway', inApi, bound)).toEqual([
    expect.stringMatching(
      /: Gateway 'shop\/public' is one of the Gateway API, to which no VirtualService can be bound, .*; write an HTTPRoute for it, or add a Gateway/),
  ]);
});

describe('unknown-gateway-credential', () => {
  const gateway = istio(
    'Gateway',
    'gw',
    '{ selector: { app: gate }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: cert }, hosts: [a.example.com] }] }',
  );

  test.each([
    ['a Certificate', object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert, dnsNames: [a.example.com] }')],
    ['an ExternalSecret', object('external-secrets.io/v1', 'ExternalSecret', 'site', '{ target: { name: cert } }')],
    ['an ExternalSecret of that name', object('external-secrets.io/v1', 'ExternalSecret', 'cert', '{}')],
    ['a SealedSecret', object('bitnami.com/v1alpha1', 'SealedSecret', 'cert', '{ encryptedData: {} }')],
  ])('a Secret that %s creates exists', (_, maker) => {
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([]);
  });

  test('a Secret that a Certificate creates in another namespace does not', () => {
    const maker = object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert }', 'web');
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([
      expect.stringMatching(/Secret 'cert' does not exist in 'shop'/),
    ]);
  });
});

test.each([
  ['./*', 'istio-system/*', /remove one of them, unless this Sidecar is the default of the whole mesh/],
  ['istio-system/*', './*', /remove one of them, unless this Sidecar is the default of the whole mesh/],
  ['a/*', 'a/b.example.com', /; remove one of them$/],
])('a Sidecar that imports %s and %s gets a repair only if there is something to remove', (one, other, repair) => {
  expect(
    said('warned-by-admission', istio('Sidecar', 'default', `{ egress: [{ hosts: ["${one}", "${other}"] }] }`, 'istio-system')),
  ).toEqual([expect.stringMatching(repair)]);
});

describe('ejection-impossible', () => {
  const rule = istio('DestinationRule', 'catalog', '{ host: catalog, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }');
  const one = [rule, service('catalog', '{ name: http, port: 80 }'), pods('catalog')];

  test('a single endpoint is never ejected, and the repair fits the cause', () => {
    expect(said('ejection-impossible', ...one)).toEqual([
      expect.stringMatching(/the only endpoint is 100 percent.*; set maxEjectionPercent to 100$/),
    ]);
  });

  test('the number of endpoints is unknown if KEDA scales them', () => {
    expect(
      said(
        'ejection-impossible',
        ...one,
        object('keda.sh/v1alpha1', 'ScaledObject', 'catalog', '{ scaleTargetRef: { name: catalog }, maxReplicaCount: 20 }'),
      ),
    ).toEqual([]);
  });
});

test('a Service with one port for both protocols, such as DNS, causes no conflict', () => {
  const namespace = '{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { istio-injection: enabled } } }';
  const dns = service('dns', '{ name: tcp-dns, port: 53, protocol: TCP }, { name: udp-dns, port: 53, protocol: UDP }');
  expect(said('deployment-port-protocol-conflict', namespace, dns, pods('dns'))).toEqual([]);
});

describe('the host of the API server is known without a manifest', () => {
  const known = service('catalog', '{ name: http, port: 80 }');
  const name = 'kubernetes.default.svc.cluster.local';
  const route = (host: string) =>
    istio(
      'VirtualService',
      'api',
      `{ hosts: [api.example.com], tcp: [{ route: [{ destination: { host: ${host}, port: { number: 443 } } }] }] }`,
    );
  const policy = (host: string) => istio('DestinationRule', 'api', `{ host: ${host}, trafficPolicy: { tls: { mode: DISABLE } } }`);
  const sidecar = (host: string) => istio('Sidecar', 'default', `{ egress: [{ hosts: ["default/${host}"] }] }`);

  test.each([
    ['unknown-destination-host', route],
    ['unknown-destination-port', route],
    ['unknown-destination-rule-host', policy],
    ['unknown-egress-host', sidecar],
  ])('%s', (rule, make) => {
    expect(said(rule, known, make(name))).toEqual([]);
  });

  test.each([
    ['unknown-destination-host', route],
    ['unknown-destination-rule-host', policy],
    ['unknown-egress-host', sidecar],
  ])('%s, but not under another name', (rule, make) => {
    expect(said(rule, known, make('nothing.default.svc.cluster.local'))).toHaveLength(1);
  });
});

describe('mirror-to-routed-subset', () => {
  const mirrored = (subset: string) => [
    istio(
      'VirtualService',
      'catalog',
      `{ hosts: [catalog], http: [{ route: [{ destination: { host: catalog } }], mirror: { host: catalog, subset: ${subset} } }] }`,
    ),
    istio('DestinationRule', 'catalog', '{ host: catalog, subsets: [{ name: v1, labels: { version: v1 } }] }'),
  ];

  test('a mirror to another subset of the same host', () => expect(said('mirror-to-routed-subset', ...mirrored('v1'))).toHaveLength(1));
  test('a mirror to a missing subset', () => expect(said('mirror-to-routed-subset', ...mirrored('v9'))).toEqual([]));
});

test.each([
  [15020, 0],
  [15021, 0],
  [15090, 0],
  [9090, 1],
])('port %i of a Service, which no container has, is found %i times', (port, times) => {
  expect(
    said(
      'target-port-not-open',
      service('catalog', `{ name: http, port: 80, targetPort: 8080 }, { name: http-metrics, port: ${port} }`),
      pods('catalog'),
    ),
  ).toHaveLength(times);
});

test('a target port that no container declares may be open all the same, and a name that none has leaves the Service without an endpoint', () => {
  const to = (targetPort: string) => said('target-port-not-open', service('catalog', `{ name: http, port: 80, targetPort: ${targetPort} }`), pods('catalog'));
  expect(to('9090')).toEqual([expect.stringContaining('declares port 9090: unless one listens there all the same')]);
  expect(to('web')).toEqual([expect.stringContaining('has a port named \'web\', so it has no endpoint at port 80')]);
});

describe('overlapping-destination-rule-selectors', () => {
  const selecting = (name: string, labels: string) =>
    istio(
      'DestinationRule',
      name,
      `{ host: catalog, workloadSelector: { matchLabels: ${labels} }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }`,
    );
  const labelled = (labels: string) =>
    object('apps/v1', 'Deployment', 'web', `{ template: { metadata: { labels: ${labels} }, spec: { containers: [] } } }`);
  const two = [selecting('one', '{ tier: front }'), selecting('two', '{ app: web }')];

  test('two labels of one workload', () => {
    expect(said('overlapping-destination-rule-selectors', ...two, labelled('{ app: web, tier: front }'))).toEqual([
      expect.stringMatching(/DestinationRule shop\/two .*shop\/one selects some of the same callers/),
    ]);
  });

  test('two labels that no workload combines', () => {
    expect(said('overlapping-destination-rule-selectors', ...two, labelled('{ app: web }'))).toEqual([]);
    expect(said('overlapping-destination-rule-selectors', selecting('one', '{ app: cart }'), two[1], labelled('{ app: web }'))).toEqual([]);
  });
});

describe('shared-tcp-port-without-address', () => {
  const entry = (name: string, protocol: string, more = '') => (
    istio(
      'ServiceEntry',
      name,
      `{ hosts: [${name}.example.com], ports: [{ number: 3306, name: sql, protocol: ${protocol} }], resolution: DNS${more} }`,
    ));

  test.each([['MySQL', 'MySQL'], ['TCP', 'MySQL'], ['MONGO', 'Redis']])('%s and %s', (one, other) => {
    expect(said('shared-tcp-port-without-address', entry('a', one), entry('b', other))).toHaveLength(2);
  });

  test('not TLS, which has SNI, and not with an address', () => {
    expect(said('shared-tcp-port-without-address', entry('a', 'TLS'), entry('b', 'TLS'), entry('c', 'MySQL'))).toEqual([]);
    expect(said('shared-tcp-port-without-address', entry('a', 'MySQL', ', addresses: [240.0.0.9]'), entry('b', 'MySQL'))).toEqual([]);
  });
});

describe('a TCP port without an address', () => {
  const entry = istio(
    'ServiceEntry',
    'legacy',
    '{ hosts: [legacy.example.com], ports: [{ number: 80, name: tcp, protocol: TCP }], resolution: DNS }',
  );

  test('does not take the HTTP requests of other hosts at the port', () => {
    expect(said('service-entry-needs-address', entry, service('catalog', '{ name: http, port: 80 }'))).toEqual([
      expect.stringMatching(/takes TCP connections to port 80 of other hosts; HTTP goes to the routes of that port instead/),
    ]);
    expect(said('service-entry-needs-address', entry, service('catalog', '{ name: http, port: 81 }'))).toEqual([
      expect.not.stringMatching(/HTTP goes/),
    ]);
  });
});

describe('a retryBudget', () => {
  const rule = (policy: string, namespace?: string) =>
    istio('DestinationRule', 'catalog', `{ host: catalog.shop.svc.cluster.local, trafficPolicy: ${policy} }`, namespace);

  test('is lost at a port with portLevelSettings, which have no such field', () => {
    expect(
      said(
        'port-policy-drops-inherited',
        rule('{ retryBudget: { percent: 20 }, portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: RANDOM } }] }'),
      ),
    )
      .toEqual([
        expect.stringMatching(/at port 80, retryBudget of the policy above does not apply.*because they have no field retryBudget/),
      ]);
  });

  test('is lost for callers with their own DestinationRule', () => {
    const known = service('catalog', '{ name: http, port: 80 }');
    const nearer = (policy: string) =>
      said('hidden-destination-rule', known, rule('{ retryBudget: { percent: 20 } }'), rule(policy, 'web'));
    expect(nearer('{ loadBalancer: { simple: RANDOM } }')).toEqual([expect.stringMatching(/without retryBudget of shop\/catalog/)]);
    expect(nearer('{ retryBudget: { percent: 5 } }')).toEqual([]);
  });
});

describe('tls-over-tls-port', () => {
  const entry = istio(
    'ServiceEntry',
    'api',
    '{ hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], resolution: DNS }',
  );
  const at443 = istio(
    'DestinationRule',
    'api',
    '{ host: api.example.com, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] } }',
  );

  test('the policy of a wildcard applies to each host under it', () => {
    const wildcard = (host: string) => istio('DestinationRule', 'api', `{ host: "${host}", trafficPolicy: { tls: { mode: SIMPLE } } }`);
    expect(said('tls-over-tls-port', entry, wildcard('*.example.com'))).toEqual([
      expect.stringMatching(/port 443 of 'api\.example\.com' carries the callers' own TLS/),
    ]);
    expect(said('tls-over-tls-port', entry, wildcard('*.example.org'))).toEqual([]);
  });

  test('an entry for the port at which callers use TLS', () => expect(said('tls-over-tls-port', entry, at443)).toHaveLength(1));

  test('plaintext that a route sends to the port is encrypted once', () => {
    const route = istio(
      'VirtualService',
      'api',
      '{ hosts: [api.example.com], http: [{ route: [{ destination: { host: api.example.com, port: { number: 443 } } }] }] }',
    );
    expect(said('tls-over-tls-port', entry, at443, route)).toEqual([]);
  });
});

describe('mutual-tls-disabled-against-strict', () => {
  const known = service('catalog', '{ name: http, port: 80 }');
  const policy = (mode: string) => istio('DestinationRule', 'catalog', `{ host: catalog, trafficPolicy: { tls: { mode: ${mode} } } }`);
  const strict = (more = '') => object('security.istio.io/v1', 'PeerAuthentication', 'strict', `{ mtls: { mode: STRICT }${more} }`);

  test('TLS without a client certificate is rejected', () => {
    expect(said('mutual-tls-disabled-against-strict', known, policy('SIMPLE'), strict())).toEqual([
      expect.stringMatching(/sends no client certificate/),
    ]);
  });

  const namespace = (labels: string) => `{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: ${labels} } }`;

  test.each([
    ['pods that are injected', pods('catalog'), namespace('{ istio-injection: enabled }'), 1],
    ['pods of a revision', pods('catalog'), namespace('{ istio.io/rev: stable }'), 1],
    [
      'pods that refuse a sidecar',
      pods('catalog').replace('{ app: catalog } }', '{ app: catalog, sidecar.istio.io/inject: "false" } }'),
      namespace('{ istio-injection: enabled }'),
      0,
    ],
    ['pods of a namespace without injection', pods('catalog'), namespace('{}'), 0],
    ['pods in ambient mode', pods('catalog'), namespace('{ istio.io/dataplane-mode: ambient }'), 1],
    [
      'pods with a sidecar of their own',
      pods('catalog').replace('containers: [', 'containers: [{ name: istio-proxy, image: proxy }, '),
      namespace('{}'),
      1,
    ],
  ])('of %s is judged by their sidecars', (_, running, home, count) => {
    expect(said('mutual-tls-disabled-against-strict', known, running, home, policy('DISABLE'), strict())).toHaveLength(count);
  });

  test('mutual TLS is not reported, and neither is a port with its own mode', () => {
    expect(said('mutual-tls-disabled-against-strict', known, policy('ISTIO_MUTUAL'), strict())).toEqual([]);
    const ofPort = strict(', selector: { matchLabels: { app: catalog } }, portLevelMtls: { 8443: { mode: DISABLE } }');
    const at8443 = service('catalog', '{ name: https, port: 443, targetPort: 8443 }');
    for (const mode of ['SIMPLE', 'DISABLE']) {
      expect(said('mutual-tls-disabled-against-strict', at8443, policy(mode), ofPort)).toEqual([]);
      expect(said('mutual-tls-disabled-against-strict', known, policy(mode), ofPort)).toHaveLength(1);
    }
  });

  const atPort = (number: number, mode: string) => istio('DestinationRule', 'catalog',
    `{ host: catalog, trafficPolicy: { portLevelSettings: [{ port: { number: ${number} }, tls: { mode: ${mode} } }] } }`);
  const two = service('catalog', '{ name: http, port: 80, targetPort: 8080 }, { name: admin, port: 81, targetPort: 8081 }');
  const strictAt8081 = strict(', selector: { matchLabels: { app: catalog } }, portLevelMtls: { 8080: { mode: PERMISSIVE } }');

  test('the port of the pods decides for the settings of a port', () => {
    expect(said('mutual-tls-disabled-against-strict', two, atPort(80, 'DISABLE'), strictAt8081)).toEqual([]);
    expect(said('mutual-tls-disabled-against-strict', two, atPort(81, 'DISABLE'), strictAt8081)).toHaveLength(1);
  });

  test('a PeerAuthentication that selects pods of the root namespace has no effect', () => {
    const ofRoot = `{ apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: a, namespace: istio-system },
      spec: { selector: { matchLabels: { app: catalog } }, mtls: { mode: STRICT } } }`;
    const atRoot = two.replaceAll('namespace: shop', 'namespace: istio-system');
    const rule = istio('DestinationRule', 'catalog', '{ host: catalog.istio-system.svc.cluster.local, trafficPolicy: { tls: { mode: DISABLE } } }');
    expect(said('mutual-tls-disabled-against-strict', atRoot, rule, ofRoot)).toEqual([]);
  });
});

describe('mutual-tls-against-disabled', () => {
  const known = service('catalog', '{ name: http, port: 80, targetPort: 8080 }');
  const policy = (mode: string) => istio('DestinationRule', 'catalog', `{ host: catalog, trafficPolicy: { tls: { mode: ${mode} } } }`);
  const accepts = (spec: string) => object('security.istio.io/v1', 'PeerAuthentication', 'peers', spec);
  const bare = pods('catalog').replace('{ app: catalog } }', '{ app: catalog, sidecar.istio.io/inject: "false" } }');
  const gateway = istio('Gateway', 'inner', `{ selector: { app: catalog },
    servers: [{ port: { number: 8080, name: https, protocol: HTTPS }, hosts: ["*"], tls: { mode: ISTIO_MUTUAL } }] }`);

  test.each([
    ['a namespace', [policy('ISTIO_MUTUAL'), accepts('{ mtls: { mode: DISABLE } }')]],
    ['a port', [policy('ISTIO_MUTUAL'), accepts(
      '{ selector: { matchLabels: { app: catalog } }, mtls: { mode: STRICT }, portLevelMtls: { 8080: { mode: DISABLE } } }')]],
    ['pods without a sidecar', [policy('ISTIO_MUTUAL'), bare]],
  ])('is reported for %s', (_, manifests) => expect(said('mutual-tls-against-disabled', known, ...manifests)).toHaveLength(1));

  test.each([
    ['plaintext', [policy('DISABLE'), accepts('{ mtls: { mode: DISABLE } }')]],
    ['pods that take both', [policy('ISTIO_MUTUAL'), accepts('{ mtls: { mode: PERMISSIVE } }')]],
    ['the mode of the port of the Service', [policy('ISTIO_MUTUAL'), accepts(
      '{ selector: { matchLabels: { app: catalog } }, portLevelMtls: { 80: { mode: DISABLE } } }')]],
    ['some pods without a sidecar', [policy('ISTIO_MUTUAL'), bare, pods('catalog').replace('name: catalog,', 'name: catalog-2,')]],
    ['pods that state ambient mode', [policy('ISTIO_MUTUAL'), '{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }',
      pods('catalog').replace('{ app: catalog } }', '{ app: catalog, istio.io/dataplane-mode: ambient } }')]],
    ['ztunnel, which takes mutual TLS in mode DISABLE', [policy('ISTIO_MUTUAL'), accepts('{ mtls: { mode: DISABLE } }'), pods('catalog'),
      '{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } } }']],
    ['the servers of a gateway, whose pods no PeerAuthentication is for', [policy('ISTIO_MUTUAL'), accepts('{ mtls: { mode: DISABLE } }'), gateway]],
    ['the servers of a gateway without a sidecar', [policy('ISTIO_MUTUAL'), gateway, bare]],
  ])('is silent about %s', (_, manifests) => expect(said('mutual-tls-against-disabled', known, ...manifests)).toEqual([]));

  test('ports that pods exclude from their sidecar are not judged, in either direction', () => {
    const excluding = pods('catalog').replace(
      '{ app: catalog } }', "{ app: catalog }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: '8080' } }");
    expect(excluding).not.toBe(pods('catalog'));
    const strict = accepts('{ mtls: { mode: STRICT } }');
    expect(said('mutual-tls-disabled-against-strict', known, pods('catalog'), policy('DISABLE'), strict)).toHaveLength(1);
    expect(said('mutual-tls-disabled-against-strict', known, excluding, policy('DISABLE'), strict)).toEqual([]);
    expect(said('mutual-tls-against-disabled', known, excluding, policy('ISTIO_MUTUAL'), accepts('{ mtls: { mode: DISABLE } }'))).toEqual([]);
  });
});

describe('a route to an empty destination', () => {
  const known = service('catalog', '{ name: http, port: 80 }');
  const route = (block: string) =>
    istio('VirtualService', 'lost', `{ hosts: [catalog], ${block}: [{ route: [{ destination: { host: missing } }] }] }`);

  test.each([['http', /requests of this entry get 503/], ['tcp', /Envoy closes the connections of this entry/]])('%s', (block, outcome) => {
    expect(said('unknown-destination-host', known, route(block))).toEqual([expect.stringMatching(outcome)]);
  });
});

test.each([
  [1, /: the first try and 1 retry of 3s need 6s/],
  [2, /: the first try and 2 retries of 3s each need 9s/],
])('a timeout that is too short %i times', (attempts, text) => {
  expect(
    said(
      'timeout-below-retries',
      istio(
        'VirtualService',
        'slow',
        `{ hosts: [catalog], http: [{ route: [{ destination: { host: catalog } }], timeout: 4s, retries: { attempts: ${attempts}, perTryTimeout: 3s } }] }`,
      ),
    ),
  )
    .toEqual([expect.stringMatching(text)]);
});

test.each([
  ['[lending]', '[lending, infra]', /they merge for the callers of both, and callers in 'infra' get neither;/],
  ['["."]', '[".", infra]', /they merge for the callers of both, and callers in 'infra' get this one alone;/],
  ['[lending]', '["*"]', /they do not merge/],
  ['[lending, web]', '[lending, infra]', /they do not merge/],
])('for DestinationRules with exportTo %s and %s, the finding says who gets which', (one, other, outcome) => {
  const rule = (name: string, exportTo: string) =>
    istio('DestinationRule', name, `{ host: catalog, exportTo: ${exportTo}, subsets: [{ name: ${name}, labels: { version: ${name} } }] }`);
  expect(said('destination-rules-not-merged', rule('a', one), rule('b', other))).toEqual([expect.stringMatching(outcome)]);
});
