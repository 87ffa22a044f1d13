import { changes, routes, to, VERSIONS, WORLD } from './sides';

const GATEWAY = (more = '') => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*']${more} }] }
`;
const BASE = WORLD + VERSIONS + GATEWAY();
const HTTP = `[{ match: [{ uri: { prefix: /items } }], ${to({ v2: 1 })} }, { ${to({ v1: 1 })} }]`;
const served = (name: string, hosts: string, http = HTTP) => routes(http, { name, hosts: `[${hosts}]`, gateways: '[gateway]' });

describe('names of a gateway are compared one by one, as it joins those with the same routes', () => {
  test.each([
    ['one VirtualService per name', served('a', 'a.example.com') + served('b', 'b.example.com')],
    ['another order of names', served('all', 'b.example.com, a.example.com')],
  ])('%s', (_, now) => {
    const old = BASE + served('all', 'a.example.com, b.example.com');
    expect(changes(old, BASE + now)).toEqual([]);
    expect(changes(BASE + now, old)).toEqual([]);
  });

  test('with a redirect to HTTPS too', () => {
    const base = WORLD + VERSIONS + GATEWAY(', tls: { httpsRedirect: true }');
    const each = served('a', 'a.example.com') + served('b', 'b.example.com');
    expect(changes(base + served('all', 'a.example.com, b.example.com'), base + each)).toEqual([]);
  });

  test('with a wildcard among the names', () => {
    const each = served('a', 'a.example.org') + served('b', '"*.example.com"');
    expect(changes(BASE + served('all', 'a.example.org, "*.example.com"'), BASE + each)).toEqual([]);
  });

  test('a name with other routes is the only change', () => {
    const each = served('a', 'a.example.com') + served('b', 'b.example.com', `[{ ${to({ v1: 1 })} }]`);
    const found = changes(BASE + served('all', 'a.example.com, b.example.com'), BASE + each);
    expect(found).toMatchObject([{ host: 'b.example.com', port: 80, requests: 'path /items*' }]);
  });

  test('a name that is removed from several is no longer served, one that is added is', () => {
    const [several, one] = ['a.example.com, b.example.com', 'a.example.com'].map(hosts => BASE + served('all', hosts));
    expect(changes(several, one)).toMatchObject([{ kind: 'host-blocked', risk: 'high', host: 'b.example.com', after: 'not served (404)' }]);
    expect(changes(one, several)).toMatchObject([{ kind: 'host-reachable', host: 'b.example.com', before: 'not served (404)' }]);
  });
});
