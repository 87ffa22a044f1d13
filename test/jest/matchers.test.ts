import { App, Chart, Duration } from 'cdk8s';
import {
  CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, IngressGateway, MeshService, MirroredService, OutboundTrafficMode,
  PolicyScope, PublicHost, RequestPolicy, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

function shop(): Chart {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  const v1 = catalog.addSubset('v1', { labels: { version: 'v1' } });
  const v2 = catalog.addSubset('v2', { labels: { version: 'v2' } });
  new CanaryRelease(chart, 'Canary', { service: catalog, stable: v1, canary: v2, canaryPercent: 10 });
  new DarkLaunch(chart, 'Internal', {
    service: catalog,
    target: v2,
    matches: [{ headers: { 'x-cohort': StringMatch.exact('internal') } }],
  });
  new MirroredService(chart, 'Shadow', { service: catalog, mirror: v2, percent: 50 });
  new CircuitBreakerPolicy(chart, 'Breaker', {
    service: catalog,
    connectionPool: { maxConnections: 1, http1MaxPendingRequests: 1, http2MaxRequests: 1 },
  });
  new EgressPolicy(chart, 'Lockdown', { scope: PolicyScope.namespace(), mode: OutboundTrafficMode.REGISTRY_ONLY });
  const items = new TrafficRoute(chart, 'Items', {
    service: catalog,
    matches: [{ uri: StringMatch.prefix('/items') }],
    rewrite: { uri: '/v2/items' },
  });
  new RequestPolicy(chart, 'Patience', {
    service: catalog,
    route: items,
    timeout: Duration.seconds(2),
    retries: { attempts: 3, perTryTimeout: Duration.millis(500), retryOn: ['5xx'] },
  });
  new TrafficRoute(chart, 'Old', { service: catalog, matches: [{ uri: StringMatch.prefix('/old') }], redirect: { uri: '/new' } });
  new TrafficRoute(chart, 'Gone', {
    service: catalog,
    matches: [{ uri: StringMatch.exact('/gone') }],
    directResponse: { status: 410, body: 'gone' },
  });
  catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
  return chart;
}

describe('the matchers', () => {
  const mesh = Mesh.fromChart(shop(), { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] });
  const web = mesh.sidecar({ namespace: 'shop', labels: { app: 'web' } });
  const internal = { headers: { 'x-cohort': 'internal' } };

  test('check where requests go', () => {
    expect(web.get('http://catalog/', internal)).toRouteTo('catalog', 'v2');
    expect(web.get('http://catalog/', internal)).toRouteTo('catalog.shop.svc.cluster.local');
    expect(web.get('http://catalog/')).toRouteTo('catalog.shop');
    expect(web.get('http://catalog/')).not.toRouteTo('catalog', 'v1');
    expect(web.get('http://catalog/')).not.toRouteTo('cat');
    expect(web.get('http://catalog/gone')).not.toRouteTo('catalog');
    expect(web.get('http://catalog/')).toSplitTraffic({ v1: 90, v2: 10 });
    expect(web.get('http://catalog/')).toSplitTraffic({ 'catalog/v1': 90, 'catalog/v2': 10, 'v3': 0 });
    expect(web.get('http://catalog/')).toSplitTraffic({ catalog: 100 });
    expect(web.get('http://catalog/')).not.toSplitTraffic({ v1: 90 });
    expect(web.get('http://catalog/')).not.toSplitTraffic({ v1: 91, v2: 9 });
    expect(web.get('http://catalog/')).toMirrorTo('catalog', 'v2', 50);
    expect(web.get('http://catalog/')).not.toMirrorTo('catalog', 'v2', 100);
    expect(web.get('http://catalog/', internal)).not.toMirrorTo('catalog');
  });

  test('check what the proxy answers itself', () => {
    expect(web.get('http://example.com/')).toBeBlocked();
    expect(web.get('http://catalog/')).not.toBeBlocked();
    expect(mesh.sidecar({ namespace: 'other' }).get('http://example.com/')).not.toBeBlocked();
    expect(web.get('http://catalog/old/1?a=b')).toRedirectTo('/new?a=b', 301);
    expect(web.get('http://catalog/old')).toRedirectTo('http://catalog/new');
    expect(web.get('http://catalog/old')).not.toRedirectTo('/new', 302);
    expect(web.get('http://catalog/gone')).toRespondWith(410, 'gone');
    expect(web.get('http://catalog/')).not.toRespondWith(200);
    expect(mesh.gateway().get('http://other.example.com/')).toRespondWith(404);
  });

  test('check how requests are treated', () => {
    expect(web.get('http://catalog/items')).toTimeOutAfter('2s');
    expect(web.get('http://catalog/items')).toTimeOutAfter(Duration.seconds(2));
    expect(web.get('http://catalog/')).not.toTimeOutAfter(2000);
    expect(web.get('http://catalog/items')).toRetry({ attempts: 3, on: ['5xx'], perTryTimeout: '500ms' });
    expect(web.get('http://catalog/items')).not.toRetry({ on: ['gateway-error'] });
    expect(web.get('http://catalog/')).toRetry(2);
    expect(web.get('http://catalog/gone')).not.toRetry();
    expect(web.get('http://catalog/items/1')).toRewriteTo('/v2/items/1');
    expect(web.get('http://catalog/items/1')).toRewriteTo({ authority: 'catalog' });
    expect(web.get('http://catalog/')).not.toRewriteTo('/v2');
  });

  test('check what limits reject', () => {
    const slow = { rate: 20, seconds: 10, endpoints: { catalog: { latencyMs: 100 } } };
    expect(web.load('http://catalog/', { ...slow, callers: 4 })).toOverflow({ atLeast: 1, atMost: 60 });
    expect(web.load('http://catalog/', { ...slow, rate: 5, callers: 1, headers: internal.headers })).not.toOverflow();
  });

  test('accept a table', () => {
    expect(web).toHandle([
      { request: 'http://catalog/', splitsTraffic: { v1: 90, v2: 10 }, mirrorsTo: 'catalog/v2', retries: 2 },
      { request: 'PUT http://catalog/items', ...internal, routesTo: 'catalog/v2', timesOutAfter: '2s', rewritesTo: '/v2/items' },
      { request: 'http://catalog/old', redirectsTo: '/new', blocked: false },
      { request: 'http://example.com/', blocked: true, respondsWith: 502 },
    ]);
    expect(web).not.toHandle([{ request: 'http://catalog/', routesTo: 'orders' }]);
    expect(() => expect(web).toHandle([{ request: 'http://catalog/' }])).toThrow(
      "the row of 'http://catalog/' has no expectation; add one, such as routesTo",
    );
  });

  test('show the whole decision path if they fail', () => {
    expect(() => expect(web.get('http://catalog/items')).toRouteTo('catalog', 'v1')).toThrow([
      'expected every request to reach v1 of catalog, but 90 % go to v1 of catalog.shop.svc.cluster.local, port 80, 10 % go to v2 of catalog.shop.svc.cluster.local, port 80',
      '',
      'GET http://catalog/items from sidecar of shop (app=web)',
      '  listener 0.0.0.0_80: HTTP, route configuration 80',
      '  virtual host catalog.shop.svc.cluster.local:80: the authority \'catalog\' matches its domain catalog',
      '  route 1 \'gone\' (VirtualService shop/catalog, http[0].match[0]): no, the path is \'/items\' but must be \'/gone\'',
      '  route 2 \'items.internal\' (VirtualService shop/catalog, http[1].match[0]): no, header x-cohort is absent but must be \'internal\'',
      '  route 3 \'items\' (VirtualService shop/catalog, http[2].match[0]): matches: the path must start with \'/items\'',
      '  90 % to v1 of catalog.shop.svc.cluster.local, port 80',
      '  10 % to v2 of catalog.shop.svc.cluster.local, port 80',
      '  the endpoint gets mutual TLS, or plaintext if it does not accept Istio\'s mutual TLS',
      '  mirrors 50 % to v2 of catalog.shop.svc.cluster.local, port 80',
      '  rewrites the path /items to /v2/items',
      '  waits 2000 ms for the response',
      '  retries up to 3 times on 5xx, 500 ms per try',
      '  outcome: routed',
    ].join('\n'));
    expect(() => expect(web.get('http://catalog/gone')).not.toRespondWith(410)).toThrow(
      'expected not the proxy to answer 410, but it answers 410',
    );
    expect(() => expect(web).toHandle([{ request: 'http://example.com/', routesTo: 'catalog' }])).toThrow(
      "expected every request to reach catalog, but the outcome is 'blocked', 502",
    );
  });

  test('report a wrong type of the subject', () => {
    expect(() => expect('http://catalog/').toBeBlocked()).toThrow(
      'expect() received string, but this matcher needs a request, such as sidecar.get(url)',
    );
    expect(() => expect(web.get('http://catalog/')).toOverflow()).toThrow(
      'expect() received object, but this matcher needs a load, such as sidecar.load(url, options)',
    );
    expect(() => expect(web.get('http://catalog/')).toTimeOutAfter('soon')).toThrow(
      "'soon' is not a duration; use a number of milliseconds, or a string such as 2s or 250ms",
    );
  });
});

describe('what is not judged', () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }] },
  };
  const patch = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'lua', namespace: 'shop' },
    spec: {
      workloadSelector: { labels: { app: 'cart' } },
      configPatches: [{ applyTo: 'HTTP_FILTER', match: { context: 'SIDECAR_INBOUND' } }],
    },
  };
  const changes = 'anything in the configuration of the proxies that it patches';
  const ambient = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient' } } };
  const asked = (...objects: readonly object[]) =>
    Mesh.fromManifests([service, ...objects])
      .sidecar({ namespace: 'shop' })
      .get('http://cart/');

  test('is in the decision, and in the message of a matcher that fails', () => {
    const decision = asked(patch);
    expect(decision.notJudged).toEqual([{ what: 'EnvoyFilter', changes, objects: ['EnvoyFilter shop/lua'] }]);
    expect(() => expect(decision).toRouteTo('orders')).toThrow(`not judged: EnvoyFilter shop/lua (${changes})`);
    expect(asked().notJudged).toEqual([]);
  });

  test('fails a matcher and its opposite if it decides about the host', () => {
    const decision = asked(ambient);
    expect(decision.outcome).toBe('not decided');
    expect(() => expect(decision).toRouteTo('cart')).toThrow('not decided, because of ambient mode of Namespace shop');
    expect(() => expect(decision).not.toRouteTo('cart')).toThrow('not decided, because of ambient mode of Namespace shop');
    const sidecar = Mesh.fromManifests([service, ambient]).sidecar({ namespace: 'shop' });
    expect(() => sidecar.load('http://cart/', { count: 10 })).toThrow('not decided, because of ambient mode of Namespace shop');
  });
});
