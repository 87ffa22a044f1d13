import { changes, routes, to, VERSIONS, WORLD } from './sides';
import { replayProblem } from '../../conformance/proof/replay';
import { parseManifests } from '../../src/manifest/loader';
import { describeExample } from '../../src/proof/example-request';
import { Mesh } from '../../src/simulator/mesh';

const CATALOG = 'catalog.shop.svc.cluster.local';
const between = (old: string, now: string) => changes(WORLD + VERSIONS + routes(old), WORLD + VERSIONS + routes(now));
const to1 = to({ v1: 1 });
const to2 = to({ v2: 1 });
const to3 = to({ v3: 1 });
const path = (condition: string, treatment: string) => `{ match: [{ uri: ${condition} }], ${treatment} }`;
const header = (value: string, treatment: string) => `{ match: [{ headers: { x-a: { exact: ${value} } } }], ${treatment} }`;

describe('traffic is the same in every spelling', () => {
  const rest = `{ ${to3} }`;
  test.each([
    ['when a default changes that nothing reaches, as a value and its negation take all',
      `[${header('a', to1)}, { match: [{ withoutHeaders: { x-a: { exact: a } } }], ${to2} }, { ${to3} }]`,
      `[${header('a', to1)}, { match: [{ withoutHeaders: { x-a: { exact: a } } }], ${to2} }, { ${to1} }]`],
    [
      'when a regex says what two paths say',
      `[${path('{ regex: /a|/b }', to1)}, ${rest}]`,
      `[${path('{ exact: /a }', to1)}, ${path('{ exact: /b }', to1)}, ${rest}]`,
    ],
    ['when a regex says what a prefix says', `[${path('{ regex: "/a.*" }', to1)}, ${rest}]`, `[${path('{ prefix: /a }', to1)}, ${rest}]`],
    ['when a prefix is split into the path, what is below, and the rest', `[${path('{ prefix: /a }', to1)}, ${rest}]`,
      `[${path('{ exact: /a }', to1)}, ${path('{ prefix: /a/ }', to1)}, ${path('{ regex: "/a[^/].*" }', to1)}, ${rest}]`],
    ['when alternatives of a regex are split by method', '[{ match: [{ method: { regex: GET|POST } }], '.concat(to1, ' }, ', rest, ']'),
      `[{ match: [{ method: { exact: GET } }, { method: { exact: POST } }], ${to1} }, ${rest}]`],
    ['when a route that three others cover together comes or goes', `[${path('{ regex: "/v[0-4].*" }', to1)}, ${path('{ regex: "/v[5-9].*" }', to2)}, ${rest}]`,
      `[${path('{ regex: "/v[0-4].*" }', to1)}, ${path('{ regex: "/v[5-9].*" }', to2)}, ${path('{ regex: "/v\\\\d/x" }', to3)}, ${rest}]`],
    [
      'when presence is written as a regex',
      `[{ match: [{ headers: { x-a: { regex: ".*" } } }], ${to1} }, ${rest}]`,
      `[{ match: [{ headers: { x-a: {} } }], ${to1} }, ${rest}]`,
    ],
    ['when case is ignored by a flag or in the regex', `[{ match: [{ uri: { exact: /Ab }, ignoreUriCase: true }], ${to1} }, ${rest}]`,
      `[${path('{ regex: "(?i)/ab" }', to1)}, ${rest}]`],
    [
      'when a default is written as what is left',
      `[${header('a', to1)}, { ${to2} }]`,
      `[${header('a', to1)}, { match: [{ withoutHeaders: { x-a: { exact: a } } }], ${to2} }]`,
    ],
    ['when a rewrite replaces the same part, written longer', `[${path('{ prefix: /a/ }', `rewrite: { uri: /b/ }, ${to1}`)}, ${rest}]`,
      `[${path('{ exact: /a/ }', `rewrite: { uri: /b/ }, ${to1}`)}, ${path('{ prefix: /a/ }', `rewrite: { uri: /b/ }, ${to1}`)}, ${rest}]`],
    ['when a path is rewritten by a regex that none of the paths holds', `[${path('{ prefix: /a/ }', to1)}, ${rest}]`,
      `[${path('{ prefix: /a/ }', `rewrite: { uriRegexRewrite: { match: "^/b/(.*)$", rewrite: "/c/\\\\1" } }, ${to1}`)}, ${rest}]`],
    ['when a regex replaces the prefix that the route matches', `[${path('{ prefix: /a/ }', `rewrite: { uri: /b/ }, ${to1}`)}, ${rest}]`,
      `[${path('{ prefix: /a/ }', `rewrite: { uriRegexRewrite: { match: "^/a/", rewrite: /b/ } }, ${to1}`)}, ${rest}]`],
    ['when a regex keeps what follows the prefix', `[${path('{ prefix: /a.b/ }', `rewrite: { uri: / }, ${to1}`)}, ${rest}]`,
      `[${path('{ prefix: /a.b/ }', `rewrite: { uriRegexRewrite: { match: "/a\\\\.b/(.*)", rewrite: "/\\\\1" } }, ${to1}`)}, ${rest}]`],
    ['when a query parameter and its absence take all', `[{ match: [{ queryParams: { q: { regex: ".*" } } }], ${to1} }, { ${to2} }]`,
      `[{ match: [{ queryParams: { q: { regex: ".+" } } }], ${to1} }, { match: [{ queryParams: { q: { exact: "" } } }], ${to1} }, { ${to2} }]`],
    [
      'when a condition is on a path with a dot segment, which no request has',
      `[${path('{ exact: /a/../b }', to1)}, ${rest}]`,
      `[${rest}]`,
    ],
  ])('%s', (_, old, now) => {
    expect(between(old, now)).toEqual([]);
    expect(between(now, old)).toEqual([]);
  });
});

describe('a change is reported with an example that shows it', () => {
  const rest = `{ ${to3} }`;
  test.each([
    ['a value of a header', `[${header('a', to1)}, ${rest}]`, `[${header('a', to2)}, ${rest}]`,
      'split: header x-a a', 'GET http://catalog.shop.svc.cluster.local/ with x-a: a'],
    ['all but a path', `[${path('{ prefix: /a }', to1)}, { ${to2} }]`, `[${path('{ prefix: /a }', to1)}, ${rest}]`,
      'split: every request, except path /a*', 'GET http://catalog.shop.svc.cluster.local/'],
    ['paths that a regex no longer takes', `[${path('{ regex: "/[ab]" }', to1)}, ${rest}]`, `[${path('{ exact: /a }', to1)}, ${rest}]`,
      'route-removed: path matching /[ab], except path /a', 'GET http://catalog.shop.svc.cluster.local/b'],
    ['several alternatives', `[{ match: [{ uri: { exact: /a } }, { uri: { exact: /b } }], ${to1} }, ${rest}]`,
      `[{ match: [{ uri: { exact: /a } }, { uri: { exact: /b } }], ${to2} }, ${rest}]`, 'split: path /a or path /b',
      'GET http://catalog.shop.svc.cluster.local/a'],
    ['everything, by two routes', `[${path(
      '{ prefix: /a }',
      `timeout: 1s, ${to1}`,
    )}, { timeout: 1s, ${to1} }]`, `[${path('{ prefix: /a }', `timeout: 2s, ${to1}`)}, { timeout: 2s, ${to1} }]`,
    'timeout: every request', 'GET http://catalog.shop.svc.cluster.local/a'],
    ['a method and a query parameter', `[{ match: [{ method: { exact: POST }, queryParams: { q: { exact: "1" } } }], ${to1} }, ${rest}]`, `[${rest}]`,
      'route-removed: method POST and query parameter q 1', 'POST http://catalog.shop.svc.cluster.local/?q=1'],
    ['a rewrite by a regex that few paths hold', `[${rest}]`, `[{ rewrite: { uriRegexRewrite: { match: "^/v[0-9]/(.*)$", rewrite: "/\\\\1" } }, ${to3} }]`,
      'rewrite: every request', 'GET http://catalog.shop.svc.cluster.local/v0/'],
    ['a rewrite by a regex that replaces each of several parts', `[${path('{ prefix: /a/ }', `rewrite: { uri: /b/ }, ${to1}`)}, ${rest}]`,
      `[${path('{ prefix: /a/ }', `rewrite: { uriRegexRewrite: { match: "/a/", rewrite: /b/ } }, ${to1}`)}, ${rest}]`,
      'rewrite: path /a/*', 'GET http://catalog.shop.svc.cluster.local/a//a/'],
    ['a rewrite that would leave nothing of a path', `[${path('{ prefix: /a }', `rewrite: { uriRegexRewrite: { match: "^/ab", rewrite: /b } }, ${to1}`)}, ${rest}]`,
      `[${path('{ prefix: /a }', `rewrite: { uriRegexRewrite: { match: "^/a(.*)", rewrite: "\\\\1" } }, ${to1}`)}, ${rest}]`,
      'rewrite: path /a*', 'GET http://catalog.shop.svc.cluster.local/ab'],
    ['an origin that is allowed', `[${rest}]`, `[{ corsPolicy: { allowOrigins: [{ exact: "https://a.example.com" }], allowMethods: [GET] }, ${to3} }]`, 'cors: every request',
      'OPTIONS http://catalog.shop.svc.cluster.local/ with origin: https://a.example.com and access-control-request-method: GET'],
    ['a rewrite that replaces another part', `[${path('{ prefix: /a }', `rewrite: { uri: /x }, ${to1}`)}, ${rest}]`,
      `[${path('{ prefix: /a/ }', `rewrite: { uri: /x }, ${to1}`)}, ${path('{ prefix: /a }', `rewrite: { uri: /x }, ${to1}`)}, ${rest}]`,
      'route-added: path /a/*', 'GET http://catalog.shop.svc.cluster.local/a/'],
  ])('%s', (_, old, now, requests, example) => {
    const found = between(old, now);
    expect(found.map(change => `${change.kind}: ${change.requests}`.replace('shares', 'split'))).toEqual([requests]);
    expect(found.map(change => describeExample(change.example!))).toEqual([example]);
    const [before, after] = [old, now].map(http => Mesh.fromManifests(parseManifests(WORLD + VERSIONS + routes(http)).objects));
    expect(found.map(change => replayProblem(change, before, after))).toEqual([undefined]);
  });

  test('and a change for requests that repeat a header is a low risk', () => {
    expect(
      between(`[${header('a', to1)}, ${header('b', to2)}, ${rest}]`, `[${header('b', to2)}, ${header('a', to1)}, ${rest}]`),
    ).toMatchObject([
      {
        kind: 'precedence',
        risk: 'low',
        requests: 'header x-a b, and also header x-a a, where the header is sent several times',
        example: { headers: { 'x-a': ['a', 'b'] } },
      },
    ]);
  });

  test('and what takes too long is reported as not decided, not as the same', () => {
    const hard = (n: number) => path(`{ regex: "/(a|b)*a(a|b){${n}}" }`, to1);
    const found = between(
      `[${hard(14)}, ${hard(15)}, { ${to1} }]`,
      `[${path('{ regex: "/(a|b)*b(a|b){16}" }', to2)}, ${hard(14)}, ${hard(15)}, { ${to1} }]`,
    );
    expect(found).toMatchObject([{ kind: 'not-decided', risk: 'medium', before: 'v1 of catalog.shop:80', after: 'v2 of catalog.shop:80' }]);
  });
});

describe('a cluster that no request reaches', () => {
  const limited = VERSIONS.replace(
    'labels: { version: v2 }',
    'labels: { version: v2 }, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } }',
  );
  const dead = routes(`[${path('{ regex: "/a.*" }', to1)}, ${path('{ prefix: /a/b }', to2)}, { ${to3} }]`);

  test('may change its settings and the pods that it selects', () => {
    expect(changes(WORLD + VERSIONS + dead, WORLD + limited + dead)).toEqual([]);
    expect(changes(WORLD + VERSIONS + dead, WORLD + VERSIONS.replace('{ version: v2 }', '{ version: v9 }') + dead)).toEqual([]);
  });

  test('is compared as soon as a request reaches it', () => {
    const reached = dead.replace('/a/b', '/b');
    expect(changes(WORLD + VERSIONS + reached, WORLD + limited + reached)).toMatchObject([
      { kind: 'limits', destination: 'v2 of catalog.shop:80' },
    ]);
  });
});

describe('a listener whose requests are all redirected to HTTPS', () => {
  const gateway = (redirect: boolean) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
  - { port: { number: 80, name: http, protocol: HTTP }, hosts: ['*']${redirect ? ', tls: { httpsRedirect: true }' : ''} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: istio-system }
spec: { selector: { matchLabels: { istio: ingressgateway } }, template: { metadata: { labels: { istio: ingressgateway } }, spec: { containers: [] } } }
`;
  const public_ = (http: string) => routes(http, { name: 'public', hosts: '[shop.example.com]', gateways: '[gateway]' });
  const base = WORLD + VERSIONS;

  test('is compared only at the redirect', () => {
    expect(changes(base + gateway(true) + public_(`[{ ${to1} }]`), base + gateway(true) + public_(`[{ timeout: 5s, ${to2} }]`))).toEqual(
      [],
    );
    expect(changes(base + gateway(false) + public_(`[{ ${to1} }]`), base + gateway(true) + public_(`[{ ${to2} }]`))).toMatchObject([
      { kind: 'https-only', risk: 'high', host: 'shop.example.com' },
      { kind: 'host-reachable', host: '*', before: 'not served (404)', after: 'redirected to HTTPS (301)' },
    ]);
    expect(changes(base + gateway(false) + public_(`[{ ${to1} }]`), base + gateway(false) + public_(`[{ ${to2} }]`))).toMatchObject([
      { kind: 'shares' },
    ]);
  });

  test('is compared for the requests that a trusted proxy in front of it received over HTTPS', () => {
    const trusting = { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } };
    expect(
      changes(base + gateway(true) + public_(`[{ ${to1} }]`), base + gateway(true) + public_(`[{ ${to2} }]`), [trusting, trusting]),
    ).toMatchObject([
      { kind: 'shares', example: { url: 'http://shop.example.com/', headers: { 'x-forwarded-proto': 'https' } } },
    ]);
  });

  test('uses no cluster, so the settings of clusters are not compared', () => {
    const limited = VERSIONS.replace(
      'labels: { version: v1 }',
      'labels: { version: v1 }, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } }',
    );
    expect(changes(base + gateway(true) + public_(`[{ ${to1} }]`), WORLD + limited + gateway(true) + public_(`[{ ${to1} }]`))).toEqual([]);
  });
});

describe('hosts and connections are compared by their effect on requests', () => {
  const gateway = (servers: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [${servers}] }
`;
  const http = gateway('{ port: { number: 80, name: http, protocol: HTTP }, hosts: [\'*.example.com\'] }');
  const on = (name: string, host: string, rules: string) => routes(rules, { name, hosts: `['${host}']`, gateways: '[gateway]' });
  const base = WORLD + VERSIONS + http;
  const all = on('all', '*.example.com', `[${path('{ prefix: /a }', to2)}, { ${to1} }]`);

  test('a host that a wildcard covered before is compared with the wildcard', () => {
    const same = on('shop', 'shop.example.com', `[${path('{ regex: "/a.*" }', to2)}, { ${to1} }]`);
    expect(changes(base + all, base + all + same)).toEqual([]);
    expect(changes(base + all + same, base + all)).toEqual([]);
    const [old, now] = [base + all, base + all + on('shop', 'shop.example.com', `[{ ${to1} }]`)];
    const found = changes(old, now);
    expect(found).toMatchObject([
      { kind: 'route-removed', host: 'shop.example.com', requests: 'path /a*', example: { url: 'http://shop.example.com/a' } },
    ]);
    const [before, after] = [old, now].map(text => Mesh.fromManifests(parseManifests(text).objects));
    expect(found.map(change => replayProblem(change, before, after))).toEqual([undefined]);
  });

  test('a host without a wildcard is new, and one that is gone is blocked', () => {
    const shop = on('shop', 'shop.example.com', `[{ ${to1} }]`);
    expect(changes(base, base + shop)).toMatchObject([{ kind: 'host-reachable', host: 'shop.example.com' }]);
    expect(changes(base + shop, base)).toMatchObject([{ kind: 'host-blocked', host: 'shop.example.com' }]);
  });

  test('server names in one rule or in two are the same', () => {
    const tls = gateway('{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: [\'*\'] }');
    const rules = (...list: string[]) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: tls, namespace: shop }
spec: { hosts: [a.example.com, b.example.com], gateways: [gateway], tls: [${list.join(', ')}] }
`;
    const rule = (names: string, subset: string) => (
      `{ match: [{ port: 443, sniHosts: [${names}] }], route: [{ destination: { host: ${CATALOG}, port: { number: 80 }, subset: ${subset} } }] }`);
    const one = WORLD + VERSIONS + tls + rules(rule('a.example.com, b.example.com', 'v1'));
    expect(changes(one, WORLD + VERSIONS + tls + rules(rule('a.example.com', 'v1'), rule('b.example.com', 'v1')))).toEqual([]);
    expect(changes(one, WORLD + VERSIONS + tls + rules(rule('a.example.com', 'v1'), rule('b.example.com', 'v2'))))
      .toMatchObject([
        { kind: 'connection-shares', host: 'b.example.com', before: 'v1 of catalog.shop:80', after: 'v2 of catalog.shop:80' },
      ]);
  });
});
