import { analyze } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

const route = [{ destination: { host: 'catalog', port: { number: 80 } } }];

function virtualService(...http: object[]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'it', namespace: 'shop' },
    spec: { hosts: ['catalog'], http },
  };
}

function destinationRule(trafficPolicy: object): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'it', namespace: 'shop' },
    spec: { host: 'catalog', trafficPolicy },
  };
}

const refused = (object: KubernetesObject) =>
  analyze([object], { rules: ['refused-by-envoy'] }).map(({ path, cause }) => `${path}: ${cause}`);
const setting = (value: string) => virtualService({ headers: { request: { set: { 'x-a': value } } }, route });
const hashing = (consistentHash: object) => destinationRule({ loadBalancer: { consistentHash } });

const LOST = 'Istio accepts it, and Envoy refuses the route configuration of each port with this route, for all of its hosts';
const HEADER = 'spec.http[0].headers.request.set.x-a';

test.each<[string, KubernetesObject, string, string]>([
  [
    'an unknown command',
    setting('%DOWNSTREAM_REMOTE_ADDRES%'),
    HEADER,
    'has %DOWNSTREAM_REMOTE_ADDRES%, which is not a command that Envoy knows',
  ],
  ['a command without its argument', setting('%REQ%'), HEADER, 'has %REQ%, which has no argument'],
  ['a command with an argument', setting('%PROTOCOL(x)%'), HEADER, 'has %PROTOCOL%, which takes no argument, with \'x\''],
  ['a long value', setting('a'.repeat(16_385)), HEADER, 'must have at most 16384 bytes'],
  ['a line break in a rewrite', virtualService({ rewrite: { uri: '/a\nb' }, route }), 'spec.http[0].rewrite.uri',
    'is "/a\\nb", but must have no line break and no NUL'],
  ['a line break in the authority of a redirect', virtualService({ redirect: { authority: 'a\nb' } }), 'spec.http[0].redirect.authority',
    'is "a\\nb", but must have no line break and no NUL'],
  ['a status that does not redirect', virtualService({
    redirect: { uri: '/new', redirectCode: 300 },
  }), 'spec.http[0].redirect.redirectCode',
  'is a status that Envoy does not redirect with, so that the route has no action'],
  [
    'a status of 600',
    virtualService({ directResponse: { status: 600 } }),
    'spec.http[0].directResponse.status',
    'is 600, but must be less than 600',
  ],
  ['weights above 32 bits', virtualService({
    route: [1, 2, 3].map(() => ({ destination: { host: 'catalog' }, weight: 2147483647 })),
  }), 'spec.http[0].route',
  'have weights of 6442450941 in total, more than 4294967295'],
  ['a hash of a query parameter without a name', hashing({ httpQueryParameterName: '' }),
    'spec.trafficPolicy.loadBalancer.consistentHash.httpQueryParameterName', 'is "", but must not be empty'],
  ['a negative ttl', hashing({ httpCookie: { name: 'a', ttl: '-1s' } }), 'spec.trafficPolicy.loadBalancer.consistentHash.httpCookie.ttl',
    'is "-1s", but must be at least 0s'],
  ['a regex above a byte', virtualService({ match: [{ uri: { regex: '/\\x{100}' } }], route }), 'spec.http[0].match[0].uri.regex',
    'is the regex \'/\\x{100}\', in which \\x{100} is above \\x{FF}'],
  ['a duration above 64 bits of nanoseconds', virtualService({ timeout: '9223372036s', route }), 'spec.http[0].timeout',
    'is "9223372036s", but must be less than 9223372036s'],
])('Envoy rejects %s', (_, object, path, cause) => {
  expect(refused(object)).toEqual([`${path}: ${path} ${cause}; ${LOST}`]);
});

test('Envoy rejects a cluster with a ring above 8388608', () => {
  const path = 'spec.trafficPolicy.loadBalancer.consistentHash.minimumRingSize';
  expect(refused(hashing({ useSourceIp: true, minimumRingSize: 8388609 })))
    .toEqual([`${path}: ${path} is "8388609", but must be at most 8388608; Istio accepts it, and Envoy refuses the cluster`]);
});

function logging(expression: string, more: object = { providers: [{ name: 'otel' }] }): KubernetesObject {
  const spec = { accessLogging: [{ filter: { expression }, ...more }] };
  return { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'it', namespace: 'shop' }, spec };
}

test.each([
  'string(a)',
  'foo(1)',
  'a.matches("(")',
  'a.matches(r"\\d(")',
  'a.matches(\'"(\')',
  '[1].all(x, x)',
])('Envoy rejects a listener with the access log filter %s', expression => {
  expect(refused(logging(expression))).toEqual([
    expect.stringMatching(/^spec\.accessLogging\[0\]\.filter\.expression: .*Envoy refuses the listener of each port/),
  ]);
});

test.each([
  ['names no provider', {}],
  ['is disabled', { providers: [{ name: 'otel' }], disabled: true }],
])('Envoy never gets the filter of an access log that %s', (_, more) => {
  expect(refused(logging('string(a)', more))).toEqual([]);
});

test.each([
  'xds.node.metadata.namespace == "a"',
  'a.`b-c` == 1',
  'has((a.b))',
  '0x1U == 1u',
  '-9223372036854775808 == a',
  'r"\\q" == a',
  'a.matches(r"\\d+")',
])('Istio and Envoy accept the access log filter %s', expression => {
  const errors = analyze([logging(expression)]).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ cause }) => cause)).toEqual([]);
});

test.each([
  'namespace == "a"',
  'a.true',
  'has(-a.b)',
  '5 - 9223372036854775808 == a',
  '"\\q" == a',
])('Istio rejects the access log filter %s', expression => {
  const errors = analyze([logging(expression)]).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ cause }) => cause)).toEqual([expect.stringContaining('is not a valid CEL expression')]);
});

test('Envoy rejects a cluster whose server name has a NUL', () => {
  const path = 'spec.trafficPolicy.tls.sni';
  expect(refused(destinationRule({ tls: { mode: 'SIMPLE', sni: 'a\0b' } })))
    .toEqual([`${path}: ${path} has a NUL, which no server name has; Istio accepts it, and Envoy refuses the cluster`]);
});

function tag(customTag: object, more: object = {}): KubernetesObject {
  const spec = { tracing: [{ providers: [{ name: 'zipkin' }], customTags: { a: customTag }, ...more }] };
  return { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'it', namespace: 'shop' }, spec };
}

test('Envoy rejects a listener with a trace tag without a source', () => {
  expect(refused(tag({}))).toEqual([
    'spec.tracing[0].customTags.a: spec.tracing[0].customTags.a has no source; Istio accepts it, and Envoy refuses the listener of each port that the value is sent to',
  ]);
});

test('Envoy never gets the trace tags of a proxy that reports no spans', () => {
  expect(refused(tag({}, { disableSpanReporting: true }))).toEqual([]);
});

test.each([
  ['%DOWNSTREAM_REMOTE_ADDRES%', 'has %DOWNSTREAM_REMOTE_ADDRES%, which is not a command that Envoy knows'],
  ['%PROTOCOL:3%', 'has %PROTOCOL%, which takes no length, with the length 3'],
  ['%REQ(x-a):99999999999999999999%', 'has %REQ%, which has the length 99999999999999999999'],
  ['%PER_REQUEST_STATE(a)%', 'has %PER_REQUEST_STATE%, which is not a command that Envoy knows'],
  ['%COALESCE({"operators": []})%', 'has %COALESCE%, which has no operators in its argument'],
  ['%COALESCE({"operators": ["REQ"]})%', 'has %COALESCE%, which has the operator REQ, which has no argument'],
])('Envoy rejects a listener with a trace tag with the format %s', (value, cause) => {
  const path = 'spec.tracing[0].customTags.a.formatter.value';
  expect(refused(tag({ formatter: { value } }))).toEqual([expect.stringContaining(`${path}: ${path} ${cause}`)]);
});

test.each([
  '%REQ(x-a):3%',
  '%PROTOCOL()%',
  'a "b"',
  '%COALESCE({"operators": [{"command": "REQ", "param": "x-a", "max_length": 3}, "HOSTNAME"]}):5%',
])(
  'Envoy accepts a trace tag with the format %s', value => expect(refused(tag({ formatter: { value } }))).toEqual([]));

test('Envoy rejects a cluster whose connections may last too long', () => {
  expect(refused(destinationRule({ connectionPool: { tcp: { maxConnectionDuration: '9223372036s' } } })))
    .toEqual([
      expect.stringMatching(
        /^spec\.trafficPolicy\.connectionPool\.tcp\.maxConnectionDuration: .*must be less than 9223372036s; .*Envoy refuses the cluster/,
      ),
    ]);
});

test.each([
  '%REQ(x-a?x-b)%', '%START_TIME(%Y-%m-%d)%', '%DYNAMIC_METADATA(["a", "b"])%', '%PER_REQUEST_STATE(x)%', '100%%', '%FILTER_STATE(a)%',
  '%CEL(request.path)%', '%PATH:3%', '%REQ(a%b)%',
])('Envoy accepts the header value %s', value => {
  expect(refused(setting(value))).toEqual([]);
});

test.each([
  '%REQ(a b)%',
  '%GRPC_STATUS(number)%',
  '%COMMON_DURATION(a)%',
  '%METADATA(route:a)%',
  '%CEL(a b)%',
  '%START_TIME(%n)%',
  '%PATH(x)%',
  '%DURATION:3%',
])(
  'Envoy rejects the header value %s', value => expect(refused(setting(value))).toHaveLength(1));

test('a duration with a line break is an invalid duration, and every rule runs', () => {
  const findings = analyze([destinationRule({ connectionPool: { tcp: { connectTimeout: 'a\nb' } } })]);
  expect(findings.filter(({ severity }) => severity === 'error').map(({ rule, cause }) => `${rule}: ${cause}`)).toEqual(
    ['schema-violation: spec.trafficPolicy.connectionPool.tcp.connectTimeout is \'a\nb\', which is not a valid duration']);
});

test('configuration that no proxy gets is not reported: an entry after one that takes every request, and an object that istiod rejects', () => {
  expect(refused(virtualService({ route }, { directResponse: { status: 600 } }))).toEqual([]);
  expect(refused(virtualService({ directResponse: { status: 600 }, timeout: '0s' }))).toEqual([]);
});

test('an entry after one that takes every request only of some proxies is reported', () => {
  expect(refused(virtualService({ match: [{ sourceLabels: { app: 'web' } }], route }, { directResponse: { status: 600 } }))).toHaveLength(
    1,
  );
});
