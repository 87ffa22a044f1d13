import { patternOf } from './pattern';

describe('policies of requests', () => {
  const { manifests, envoys } = patternOf('requests');

  test('hold for the whole service unless one names a route or states a condition', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - corsPolicy: { allowMethods: [ GET, PUT ], allowOrigins: [ { exact: https://shop.example.com } ], maxAge: 600s }
            headers: { request: { set: { x-log-level: debug } } }
            match: [ { headers: { x-debug: {} }, uri: { prefix: /reports } } ]
            name: reports.debug
            retries: { attempts: 3, perTryTimeout: 500ms, retryOn: "connect-failure,503" }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
            timeout: 60s
          - corsPolicy: { allowMethods: [ GET, PUT ], allowOrigins: [ { exact: https://shop.example.com } ], maxAge: 600s }
            match: [ { uri: { prefix: /reports } } ]
            name: reports
            retries: { attempts: 3, perTryTimeout: 500ms, retryOn: "connect-failure,503" }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
            timeout: 60s
          - corsPolicy: { allowMethods: [ GET, PUT ], allowOrigins: [ { exact: https://shop.example.com } ], maxAge: 600s }
            name: default
            retries: { attempts: 3, perTryTimeout: 500ms, retryOn: "connect-failure,503" }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
            timeout: 2s
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    const routes = () => web.routes('catalog.shop.svc.cluster.local:80');

    test('waits a minute for reports and two seconds for everything else', () => {
      expect(routes()).toMatchObject([
        { name: 'reports.debug', route: { timeout: '60s' } },
        { name: 'reports', route: { timeout: '60s' } },
        { name: 'default', route: { timeout: '2s' } },
      ]);
      expect(web.get('http://catalog/reports/1')).toTimeOutAfter('60s');
      expect(web.get('http://catalog/items')).toTimeOutAfter('2s');
    });

    test('tries again three times, on failed connections and on an answered 503', () => {
      for (const { route } of routes()) {
        expect(route.retryPolicy).toMatchObject({
          numRetries: 3, perTryTimeout: '0.500s', retryOn: 'connect-failure,retriable-status-codes', retriableStatusCodes: [503],
        });
      }
      expect(web.get('http://catalog/items')).toRetry({ attempts: 3, on: ['connect-failure', '503'], perTryTimeout: '500ms' });
    });

    test('sets the log level of reports where the caller asks to debug, whatever the caller sent', () => {
      const [{ requestHeadersToAdd }] = routes();
      expect(requestHeadersToAdd).toEqual([{ header: { key: 'x-log-level', value: 'debug' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' }]);
      const debugged = web.get('http://catalog/reports/1', { headers: { 'x-debug': '1', 'x-log-level': 'error' } });
      expect(debugged.requestHeaderChanges().get('x-log-level')).toBe('debug');
      expect(web.get('http://catalog/reports/1').requestHeaderChanges().size).toBe(0);
    });

    test('answers only the preflights of the shop itself', () => {
      const preflight = (origin: string) => {
        const headers = { origin, 'access-control-request-method': 'PUT' };
        return web.request('OPTIONS', 'http://catalog/items', { headers });
      };
      const shop = preflight('https://shop.example.com');
      expect(shop).toRespondWith(200);
      expect(Object.fromEntries(shop.responseHeaderChanges())).toMatchObject({
        'access-control-allow-origin': 'https://shop.example.com',
        'access-control-allow-methods': 'GET,PUT',
        'access-control-max-age': '600',
      });
      expect(preflight('https://elsewhere.example.com')).toRouteTo('catalog');
    });
  });
});
