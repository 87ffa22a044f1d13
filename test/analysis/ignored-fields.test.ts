import { analyze } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

const service = (name: string, port: string) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [${port}] }
`;
const MESH = service('catalog', '{ name: http, port: 80 }') + service('db', '{ name: tcp-db, port: 5432 }')
  + service('vault', '{ name: https, port: 443 }') + service('guess', '{ name: any, port: 9000 }')
  + service('both', '{ name: http, port: 80 }, { name: https, port: 443 }');
const istio = (kind: string, spec: string) => `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: x, namespace: shop }
spec: ${spec}
`;

function said(rule: string, kind: string, spec: string): readonly string[] {
  return analyze(parseManifests(MESH + istio(kind, spec)).objects, { complete: true, rules: [rule] })
    .map(({ path, cause }) => `${path}: ${cause}`);
}

const TO = 'route: [{ destination: { host: catalog } }]';
const ofRoute = (rule: string, route: string) => said(rule, 'VirtualService', `{ hosts: [catalog], http: [{ ${route} }] }`);
const ofMatch = (rule: string, match: string) => ofRoute(rule, `match: [{ ${match} }], ${TO}`);
const ofPolicy = (policy: string, host = 'catalog') => (
  said('ignored-policy-field', 'DestinationRule', `{ host: ${host}, trafficPolicy: { ${policy} } }`));

describe('entries for ports of another protocol', () => {
  const rule = 'http-rules-on-tcp-port';
  const of = (host: string, entries: string, gateways = '') => said(rule, 'VirtualService', `{ ${gateways} hosts: [${host}], ${entries} }`);
  const tls = (host: string) => `tls: [{ match: [{ sniHosts: [${host}] }], route: [{ destination: { host: vault } }] }]`;
  const tcp = 'tcp: [{ route: [{ destination: { host: db } }] }]';

  test.each([
    ['tls', 'catalog', tls('catalog'), "spec.hosts[0]: 'catalog' has no TLS port (80 is HTTP), so sidecars ignore the tls entries for it"],
    ['tls', 'db', tls('db'), "spec.hosts[0]: 'db' has no TLS port (5432 is TCP), so sidecars ignore the tls entries for it"],
    ['tls', 'guess', tls('guess'),
      "spec.hosts[0]: 'guess' has no TLS port (9000 is Unsupported), so sidecars ignore the tls entries for it"],
    ['tcp', 'catalog', tcp, "spec.hosts[0]: 'catalog' has no TCP port (80 is HTTP), so sidecars ignore the tcp entries for it"],
    ['tcp', 'vault', tcp, "spec.hosts[0]: 'vault' has no TCP port (443 is HTTPS), so sidecars ignore the tcp entries for it"],
    ['http', 'db', `http: [{ ${TO} }]`, "spec.hosts[0]: 'db' has no HTTP port (5432 is TCP), so sidecars ignore the http entries for it"],
    ['http', 'vault', `http: [{ ${TO} }]`,
      "spec.hosts[0]: 'vault' has no HTTP port (443 is HTTPS), so sidecars ignore the http entries for it"],
  ])('%s entries for %s are reported', (_, host, entries, expected) => expect(of(host, entries)).toEqual([expected]));

  test.each([
    ['tls entries for a TLS port', of('vault', tls('vault'))],
    ['entries for both ports', of('both', `http: [{ ${TO} }], ${tls('both')}`)],
    ['tcp entries for a port whose protocol is detected', of('guess', tcp)],
    ['http entries for a port whose protocol is detected', of('guess', `http: [{ ${TO} }]`)],
    ['entries for a gateway alone', of('catalog', tls('catalog').replace('sniHosts', 'gateways: [gw], sniHosts'), 'gateways: [mesh, gw],')],
    ['a VirtualService for a gateway alone', of('catalog', tls('catalog'), 'gateways: [gw],')],
  ])('%s are not reported', (_, found) => expect(found).toEqual([]));
});

describe('conditions that exclude nothing, or everything', () => {
  test.each([
    'uri: {}', 'uri: { prefix: "" }', 'method: {}', 'authority: {}', 'scheme: {}', 'ignoreUriCase: true',
    'ignoreUriCase: true, uri: { regex: /a }',
  ])('%s has no effect', match => expect(ofMatch('condition-without-effect', match)).toHaveLength(1));
  test.each([
    'uri: { prefix: / }', 'uri: { exact: /a }, ignoreUriCase: true', 'uri: { prefix: /a }, ignoreUriCase: true', 'headers: { x: {} }',
    'withoutHeaders: { x: {} }', 'headers: { x: { exact: "" } }', 'method: { exact: GET }', 'queryParams: { q: {} }', 'ignoreUriCase: false',
  ])('%s is not reported', match => expect(ofMatch('condition-without-effect', match)).toEqual([]));
  test('an empty path is never sent', () => {
    expect(ofMatch('path-without-slash', 'uri: { exact: "" }')).toEqual([
      "spec.http[0].match[0].uri.exact: '' does not begin with '/', as every path does: this match takes nothing",
    ]);
  });
});

describe('weights', () => {
  const rule = 'destination-without-weight';
  const split = (...weights: readonly string[]) => `route: [${weights.map((weight, d) => (
    `{ destination: { host: ${['catalog', 'guess', 'both'][d]} }${weight} }`))}]`;

  test('a missing weight beside a stated one is 0', () => {
    expect(ofRoute(rule, split(', weight: 90', ''))).toEqual([
      "spec.http[0].route[1]: 'guess.shop.svc.cluster.local' has no weight beside destinations with one, so it gets nothing",
    ]);
    expect(ofRoute(rule, split(', weight: 100', '', ''))).toHaveLength(2);
    const ofTcp = '{ hosts: [db], tcp: [{ route: [{ destination: { host: db }, weight: 9 }, { destination: { host: guess } }] }] }';
    expect(said(rule, 'VirtualService', ofTcp)).toHaveLength(1);
  });
  test.each([
    ['all weights are set', split(', weight: 90', ', weight: 10')], ['a weight is 0', split(', weight: 100', ', weight: 0')],
    ['there is one destination', split('')], ['all are missing, which istiod rejects', split('', '')],
  ])('nothing is reported if %s', (_, route) => expect(ofRoute(rule, route)).toEqual([]));
  test('no other rule judges a destination that gets nothing', () => {
    const unsent = (weight: string) => ofRoute('cluster-not-sent', 'route: [{ destination: { host: catalog }, weight: 90 }, '
      + `{ destination: { host: catalog, port: { number: 81 } }${weight} }]`);
    expect([unsent(''), unsent(', weight: 0')]).toEqual([[], []]);
  });
});

describe('fields of a route beside others', () => {
  test.each([
    ['mirrorPercentage: { value: 5 }', 'mirrorPercentage'], ['mirrorPercent: 5', 'mirrorPercent'],
    ['mirrors: [{ destination: { host: guess } }], mirrorPercentage: { value: 5 }', 'mirrorPercentage'],
    ['mirror: { host: guess }, mirrorPercent: 5, mirrorPercentage: { value: 10 }', 'mirrorPercent'],
    ['corsPolicy: {}', 'corsPolicy'], ['corsPolicy: { allowMethods: [GET] }', 'corsPolicy'],
    ['corsPolicy: { allowOrigin: [a], allowOrigins: [{ exact: b }] }', 'corsPolicy.allowOrigin'],
  ])('%s', (fields, field) => {
    expect(ofRoute('ignored-beside-others', `${TO}, ${fields}`)).toEqual([expect.stringMatching(`^spec\\.http\\[0\\]\\.${field}: `)]);
  });
  test('the authority of a lone destination, if the entry sets one', () => {
    const own = 'route: [{ destination: { host: catalog }, headers: { request: { set: { Host: b.example } } } }]';
    expect(ofRoute('ignored-beside-others', `rewrite: { authority: a.example }, ${own}`)).toEqual([
      'spec.http[0].route[0].headers.request.set["Host"]: the entry sets the authority \'a.example\', so \'b.example\' of its only destination '
      + 'has no effect',
    ]);
    expect(ofRoute('ignored-beside-others', own)).toEqual([]);
  });
  test('the addresses of callers of TCP', () => {
    const of = (match: string) => said('ignored-beside-others', 'VirtualService',
      `{ hosts: [db], tcp: [{ match: [{ ${match} }], route: [{ destination: { host: db } }] }] }`);
    expect(of('sourceSubnet: 10.0.0.0/8')).toHaveLength(1);
    expect(of('destinationSubnets: [10.0.0.0/8]')).toEqual([]);
  });
  test.each([
    'mirror: { host: guess }', 'mirror: { host: guess }, mirrorPercentage: { value: 5 }', 'mirror: { host: guess }, mirrorPercent: 5',
    'mirrors: [{ destination: { host: guess }, percentage: { value: 5 } }]', 'corsPolicy: { allowOrigins: [{ regex: .* }] }',
    'corsPolicy: { unmatchedPreflights: IGNORE }',
  ])('%s is not reported', fields => expect(ofRoute('ignored-beside-others', `${TO}, ${fields}`)).toEqual([]));
  const redirected = (fields: string) => ofRoute('ignored-on-redirect', `match: [{ uri: { exact: /a } }], redirect: { uri: /b }, ${fields}`);
  test.each([
    'timeout: 3s', 'mirrorPercentage: { value: 5 }', 'headers: { request: { set: { a: b } } }', 'headers: { request: { remove: [a] } }',
  ])('a redirect ignores %s', fields => {
    expect(redirected(fields)).toHaveLength(1);
    expect(ofRoute('ignored-on-redirect', `directResponse: { status: 200 }, ${fields}`)).toHaveLength(1);
  });
  test.each([
    'headers: { response: { set: { a: b } } }', 'headers: { request: {} }',
    'fault: { abort: { httpStatus: 500, percentage: { value: 5 } } }',
  ])('a redirect obeys %s', fields => expect(redirected(fields)).toEqual([]));
});

describe('fields of a policy beside others', () => {
  test.each([
    ['tls: { sni: a.example }', 'tls.sni'], ['tls: { mode: DISABLE, caCertificates: /ca }', 'tls.caCertificates'],
    ['tls: { mode: DISABLE, subjectAltNames: [a] }', 'tls.subjectAltNames'],
    ['tls: { mode: SIMPLE, clientCertificate: /a }', 'tls.clientCertificate'],
    ['tls: { mode: ISTIO_MUTUAL, caCertificates: /ca }', 'tls.caCertificates'],
    ['loadBalancer: { simple: RANDOM, warmupDurationSecs: 9s }', 'loadBalancer.warmupDurationSecs'],
    ['loadBalancer: { simple: PASSTHROUGH, warmup: { duration: 9s } }', 'loadBalancer.warmup'],
    ['loadBalancer: { consistentHash: { useSourceIp: true }, warmup: { duration: 9s } }', 'loadBalancer.warmup'],
    ['loadBalancer: { warmupDurationSecs: 9s, warmup: { duration: 9s } }', 'loadBalancer.warmupDurationSecs'],
    ['loadBalancer: { localityLbSetting: { enabled: false, failover: [{ from: a, to: b }] } }', 'loadBalancer.localityLbSetting.failover'],
  ])('%s', (policy, field) => {
    expect(ofPolicy(policy)).toEqual([expect.stringContaining(`spec.trafficPolicy.${field}: `)]);
    const ofSubset = `{ host: catalog, subsets: [{ name: v1, labels: { v: a }, trafficPolicy: { ${policy} } }] }`;
    expect(said('ignored-policy-field', 'DestinationRule', ofSubset))
      .toEqual([expect.stringContaining(`spec.subsets[0].trafficPolicy.${field}: `)]);
  });
  test.each(['httpHeaderName: a', 'httpCookie: { name: a, ttl: 0s }', 'httpQueryParameterName: a'])('connections have no %s', hash => {
    const policy = `loadBalancer: { consistentHash: { ${hash} } }`;
    expect([ofPolicy(policy, 'db').length, ofPolicy(policy).length, ofPolicy(policy, 'both').length, ofPolicy(policy, 'guess').length])
      .toEqual([1, 0, 0, 0]);
  });
  test.each([
    'tls: { mode: DISABLE }', 'tls: { mode: SIMPLE, caCertificates: /ca, sni: a, subjectAltNames: [a] }',
    'tls: { mode: ISTIO_MUTUAL, sni: a, subjectAltNames: [a] }',
    'tls: { mode: MUTUAL, clientCertificate: /a, privateKey: /b, caCertificates: /c }', 'tls: { mode: SIMPLE, credentialName: a }',
    'loadBalancer: { simple: LEAST_REQUEST, warmup: { duration: 9s } }', 'loadBalancer: { warmup: { duration: 9s } }',
    'loadBalancer: { localityLbSetting: { enabled: true, failoverPriority: [a] } }', 'loadBalancer: { localityLbSetting: { enabled: false } }',
    'loadBalancer: { consistentHash: { useSourceIp: true } }',
  ])('%s is not reported', policy => {
    expect([...ofPolicy(policy), ...ofPolicy(policy, 'db')]).toEqual([]);
  });
});
