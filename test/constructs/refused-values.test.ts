import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, newChart } from '../manifests';
import type { HttpMatch, RequestPolicyProps, Rewrite } from 'cdk8s-istio';
import {
  AccessLogging, ConsistentHash, EgressGateway, ExternalDependency, IngressGateway, MeshService, PolicyScope, RequestPolicy, Resolution,
  ServicePort,
  StringMatch, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
});

const policy = (props: Omit<RequestPolicyProps, 'service'>) =>
  errorOf(() => new RequestPolicy(chart, 'Policy', { service: catalog, ...props }));
const setting = (value: string) => policy({ headers: { request: { set: { 'x-a': value } } } });
const retrying = (...retryOn: string[]) => policy({ retries: { attempts: 1, retryOn } });
const matching = (match: HttpMatch) => errorOf(() => new TrafficRoute(chart, 'Route', { service: catalog, matches: [match] }));
const rewriting = (rewrite: Rewrite) => errorOf(() => {
  const at = newChart();
  const service = new MeshService(at, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  new TrafficRoute(at, 'Route', { service, matches: [{ uri: StringMatch.prefix('/a') }], rewrite });
});
const logging = (filter: string) => errorOf(() => new AccessLogging(newChart(), 'Logs', { scope: PolicyScope.namespace('shop'), filter }));

describe('what istiod rejects is refused by the construct that says it', () => {
  test('a duration of half a millisecond, where Istio has whole seconds', () => {
    expect(policy({ cors: { allowOrigins: [StringMatch.exact('https://a')], maxAge: Duration.millis(0.5) } })).toMatch(/^chart\/Policy: cors\.maxAge is 0\.5 ?ms; /);
  });

  test('a Gateway whose name has dots', () => {
    expect(errorOf(() => new IngressGateway(chart, 'Gateway', { name: '10.0.0.1' }))).toMatch(
      /^chart\/Gateway: name '10\.0\.0\.1' is not a DNS label; /,
    );
    expect(errorOf(() => new EgressGateway(chart, 'Egress', { name: 'a.b' }))).toMatch(/^chart\/Egress: name 'a\.b' is not a DNS label; /);
  });

  test.each(['0', '80', '007'])('a Gateway whose name is the number %s, which istiod reads as a host in the VirtualServices of its hosts', name => {
    expect(errorOf(() => new IngressGateway(chart, 'Gateway', { name }))).toBe(
      `chart/Gateway: name '${name}' is a number, which Istio rejects as the name of a Gateway; use a name with a letter`,
    );
    expect(new IngressGateway(chart, 'Fine', { name: `${name}-gate` }).gatewayName).toBe(`${name}-gate`);
  });

  test('a construct id that is a number, as the name of its Gateway by default', () => {
    expect(errorOf(() => new IngressGateway(chart, '1'))).toMatch(/^chart\/1: name '1' is a number, /);
  });

  test('the name of the Gateway of an EgressGateway may be a number, because its VirtualServices name the namespace too', () => {
    expect(new EgressGateway(chart, 'Egress', { name: '0' }).gatewayName).toBe('0');
  });

  test.each([Resolution.NONE, Resolution.DNS])('an empty list of endpoints with resolution %s is rendered as none, which the CRD requires', resolution => {
    const hosts = ['c.example.com'];
    new ExternalDependency(chart, 'Api', { hosts, ports: [ServicePort.grpc(443)], resolution, endpoints: [] });
    expect(find(chart, 'ServiceEntry').spec).not.toHaveProperty('endpoints');
  });

  test('an empty list of endpoints beside workloadSelector, of which the CRD accepts one', () => {
    const [hosts, workloadSelector] = [['c.example.com'], { app: 'c' }];
    new ExternalDependency(chart, 'Api', {
      hosts, ports: [ServicePort.http(80)], resolution: Resolution.STATIC, endpoints: [], workloadSelector,
    });
    expect(find(chart, 'ServiceEntry').spec).not.toHaveProperty('endpoints');
  });

  test.each([
    ServicePort.https(443),
    ServicePort.tls(443),
  ])('addresses of several hosts on a port of TLS, which Istio would use for one of them', port => {
    const props = { hosts: ['a.example.com', 'b.example.com'], ports: [port], resolution: Resolution.DNS };
    expect(errorOf(() => new ExternalDependency(chart, 'Api', { ...props, addresses: ['10.0.0.1'] })))
      .toContain(`chart/Api: addresses is set for 2 hosts with the ${port.protocol} port 443, and Istio uses the addresses for one host only; omit addresses`);
    expect(new ExternalDependency(chart, 'Fine', props).hosts).toHaveLength(2);
  });

  test.each(['x', '^api/.*', 'a$b'])('a regex of a path that does not start with a slash, which matches no request: %s', regex => {
    expect(matching({ uri: StringMatch.regex(regex) })).toBe(
      `chart/Route: matches[0].uri is the regex '${regex}', which does not start with '/', so no request matches it; start it with '/'`);
  });

  test('a status that Go does not know, in retryOn', () => {
    expect(retrying('520')).toMatch(
      /^chart\/Policy: retries\.retryOn has '520', which is neither a status nor a condition that Envoy knows; use 5xx, /,
    );
    const unknown = Array.from({ length: 900 }, (_, i) => 100 + i).filter(status => {
      const at = newChart();
      const service = new MeshService(at, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
      try {
        new RequestPolicy(at, 'Policy', { service, retries: { attempts: 1, retryOn: [`${status}`] } });
        return false;
      } catch {
        return true;
      }
    });
    expect(unknown).toHaveLength(838);
  });

  test.each([
    ['foo.bar', 'foo', 'use one of request, response'],
    ['reponse.code >= 400', 'reponse', 'use response'],
    ['response.code >= 400 || has(foo.bar)', 'foo', 'use one of'],
    ['.route == "a"', 'route', 'use one of'],
    ['request.headers[foo] == "a"', 'foo', 'use one of'],
    ['size(foo) > 1', 'foo', 'use one of'],
  ])('a filter that reads a variable that Envoy does not have: %s', (filter, name, repair) => {
    expect(logging(filter)).toContain(`chart/Logs: filter reads '${name}', a variable that Envoy's CEL does not have; ${repair}`);
  });

  test.each(['response.code >= 400', 'has(request.headers)', 'xds.cluster_name == "a"', 'upstream_filter_state["a"] == "b"', 'true',
    '"foo.bar" == request.path', 'type(response.code) == int', 're.extract(request.path, "a(.*)", "b") == "b"', 'metadata.foo == null'])(
    'a filter of known variables is accepted: %s', filter => {
      const logged = newChart();
      new AccessLogging(logged, 'Logs', { scope: PolicyScope.namespace('shop'), filter });
      expect(find(logged, 'Telemetry').spec.accessLogging[0].filter.expression).toBe(filter);
    });

  test('a filter that is not a CEL expression', () => {
    expect(logging('(')).toBe('chart/Logs: filter \'(\' is not a valid CEL expression: it has an error at its end; correct it');
  });

  test('a header value whose variable is not closed', () => {
    expect(setting('%REQ(%')).toBe('chart/Policy: headers.request.set[\'x-a\'] has the value \'%REQ(%\', in which a \'%\' opens a variable that nothing '
      + 'closes; write %% for a percent sign, or close the variable');
  });

  test('cookies whose joint regex has more than 1024 bytes', () => {
    const cookies = Object.fromEntries(['a', 'b', 'c'].map(name => [name, StringMatch.exact('x'.repeat(100))]));
    expect(matching({ cookies })).toMatch(
      /^chart\/Route: .*cookies a, b, c \(their conditions are one regex, which is a regex of \d+ bytes\)/,
    );
  });
});

describe('what Envoy refuses is refused by the construct that says it', () => {
  test.each(['%DOWNSTREAM_REMOTE_ADDRES%', '%REQ%', '%PROTOCOL(x)%', 'a'.repeat(16_385)])('a header value %#', value => {
    expect(setting(value)).toMatch(/^chart\/Policy: headers\.request\.set\['x-a'\] has /);
  });

  test('a function that Envoy\'s CEL does not have', () => {
    expect(logging('string(response.code) == "200"')).toBe(
      "chart/Logs: filter calls string() with 1 argument, which Envoy's CEL does not have; use another function",
    );
    expect(logging('request.path.matches("(")')).toMatch(/^chart\/Logs: filter '\(' is not a valid RE2 regex/);
  });

  test('a line break in a rewrite', () => {
    expect(rewriting({ uri: '/a\nb' })).toBe(
      'chart/Route: rewrite.uri is "/a\\nb", and Envoy takes no line break and no NUL here; remove them',
    );
    expect(rewriting({ uriRegexRewrite: { match: 'a', rewrite: 'a\nb' } })).toMatch(/rewrite\.uriRegexRewrite\.rewrite is "a\\nb"/);
  });

  test.each([
    ['a group that its regex lacks', '^/a/(.*)$', '/\\2', /'\^\/a\/\(\.\*\)\$' has 1 group, and '\/\\2' names \\2: Envoy does not rewrite the path/],
    ['a group as JavaScript writes it', '^/a/(.*)$', '/$1', /'\$1' is not a group in RE2: .*; write '\\1'/],
    ['an unknown escape', '^/a/(.*)$', '/\\n', /'\\n' is neither a group nor/],
  ])('a rewrite with %s', (_, match, rewrite, text) => {
    const error = rewriting({ uriRegexRewrite: { match, rewrite } });
    expect(error).toMatch(/^chart\/Route: rewrite\.uriRegexRewrite\.rewrite: /);
    expect(error).toMatch(text);
  });

  test('a regex whose program is too large', () => {
    expect(matching({ uri: StringMatch.regex('/(abcdefghijklmnopqrstuvwxyz0123456789){1000}') }))
      .toMatch(/^chart\/Route: matches\[0\]\.uri is a regex whose program has more than 32768 instructions; repeat less/);
  });

  test('a filter that nests more operations than Envoy takes', () => {
    expect(logging(`${'-('.repeat(40)}1${')'.repeat(40)} == 1`)).toMatch(
      /^chart\/Logs: filter nests \d+ operations, and Envoy's CEL takes at most 32; split it/,
    );
  });

  test('a duration above 64 bits of nanoseconds', () => {
    expect(policy({ timeout: Duration.seconds(9223372036) })).toMatch(
      /^chart\/Policy: timeout is 9223372036000 ms; use at most 9223372035999/,
    );
  });

  test('a line break in the attribute of a cookie', () => {
    expect(ConsistentHash.cookie('c', { ttl: Duration.seconds(1), attributes: { a: 'x\ny' } })._problem).toMatch(
      /has the|attribute 'a' is "x\\ny"/,
    );
  });
});

describe('a condition that analyze reports as met by no request is refused by the construct that says it', () => {
  test.each<[string, HttpMatch, string]>([
    ['a star at the end of a path', { uri: StringMatch.exact('/a/*') },
      "uri: '/a/*' is compared letter by letter: '*' stands for nothing else, so requests below '/a/' do not match; write prefix: /a/"],
    ['a star at the end of a prefix', { uri: StringMatch.prefix('/a*') }, "uri: '/a*' is compared letter by letter"],
    ['a parameter in braces', { uri: StringMatch.exact('/users/{id}/orders') }, "uri: '/users/{id}/orders' is compared letter by letter"],
    ['a segment that begins with a colon', { uri: StringMatch.prefix('/users/:id') }, "write a regex, such as '/users/[^/]+'"],
    ['a glob as a regex', { uri: StringMatch.regex('/a/*') }, "uri: in the regex '/a/*', '*' repeats the '/' before it"],
    ['a scheme of a URL', { scheme: StringMatch.exact('grpc') }, 'scheme: the scheme of a request is http or https'],
    ['a prefix of a method in lower case', { method: StringMatch.prefix('p') }, 'method: methods are compared with their case'],
    ['a blank in a query parameter', { queryParams: { q: StringMatch.exact('x y') } }, "queryParams['q']: Envoy compares the query as the URL writes it"],
    ['a question mark before a query parameter', { queryParams: { '?q': StringMatch.present() } }, "queryParams['?q']: "],
    ['a blank at the end of a header', { headers: { 'x-a': StringMatch.exact('b ') } }, "headers['x-a']: HTTP has no blanks at the ends"],
    ['a header of the connection', { headers: { 'Keep-Alive': StringMatch.present() } }, "headers['Keep-Alive']: Envoy removes Keep-Alive"],
    ['one cookie as the whole header', { headers: { cookie: StringMatch.exact('a=b') } }, "headers['cookie']: all cookies of a request are in one header"],
  ])('%s', (_, match, text) => {
    const error = matching(match);
    expect(error).toMatch(/^chart\/Route: matches\[0\]\./);
    expect(error).toContain(text);
  });

  test.each<[string, HttpMatch]>([
    ['a colon inside a segment', { uri: StringMatch.exact('/v1/items:batch') }],
    ['a regex with a class before the star', { uri: StringMatch.regex('/a/[^/]*') }],
    ['a literal star in a regex', { uri: StringMatch.regex('/a/[*]') }],
    ['a code in a query parameter', { queryParams: { q: StringMatch.exact('x%20y') } }],
    ['a prefix of a scheme', { scheme: StringMatch.prefix('http') }],
  ])('%s is accepted', (_, match) => {
    expect(new TrafficRoute(chart, 'Route', { service: catalog, matches: [match] }).routeName).toBe('route');
  });
});
