import { ACCOUNTS, EDGE, found, istio, publicGateway, to } from './bank';

const root = (delegate: string) =>
  istio(
    'VirtualService',
    'infra/root',
    `{ hosts: [bank.example.org], gateways: [public], http: [{ match: [{ uri: { prefix: /acc } }], delegate: { ${delegate} } }] }`,
  );
const routes = istio('VirtualService', 'bank/acc-routes', `{ http: [{ ${to()} }] }`);

test.each(['name: acc-routes', 'name: acc-routes, namespace: infra'])('a finding names the delegate in another namespace: %s', delegate => {
  expect(found([ACCOUNTS, EDGE, publicGateway(), routes, root(delegate)], 'broken-delegate')).toEqual([
    expect.stringMatching(/VirtualService 'infra\/acc-routes' does not exist.*; write namespace: bank to name/),
  ]);
});

test('a finding names nothing for a missing delegate', () => {
  expect(found([ACCOUNTS, EDGE, publicGateway(), routes, root('name: gone')], 'broken-delegate')).toEqual([
    expect.stringMatching(/; correct the name and namespace, or add the VirtualService$/),
  ]);
  expect(found([ACCOUNTS, EDGE, publicGateway(), routes, root('name: acc-routes, namespace: bank')])).toEqual([]);
});

test('a delegate with Gateways is rejected, and its absent hosts are not reported', () => {
  const bound = istio('VirtualService', 'bank/acc-routes', `{ gateways: [infra/public], http: [{ ${to()} }] }`);
  const findings = found([ACCOUNTS, EDGE, publicGateway(), bound, root('name: acc-routes, namespace: bank')]);
  expect(findings).toEqual([expect.stringMatching(/^error rejected-by-admission/)]);
});

test('a Gateway that does not exist serves no host', () => {
  const lost = istio('VirtualService', 'bank/lost', `{ hosts: [bank.example.org], gateways: [infra/gone], http: [{ ${to()} }] }`);
  expect(found([ACCOUNTS, EDGE, publicGateway(), lost], 'host-outside-gateway')).toEqual([
    expect.stringMatching(/Gateway 'infra\/gone' does not exist, so nothing serves 'bank\.example\.org' here/),
  ]);
});

test.each([
  ['sourceLabels: { app: web }', 'sourceLabels: { app: cart }', "sourceLabels['app']"],
  ['headers: { x-user: {} }', 'headers: { x-user: { exact: me } }', "headers['x-user']"],
  ['ignoreUriCase: true', 'headers: { x-user: {} }', 'ignoreUriCase'],
])('istiod drops a match that contradicts its root: %s and %s', (wanted, own, field) => {
  const rooted = istio(
    'VirtualService',
    'infra/root',
    `{ hosts: [bank.example.org], gateways: [public], http: [{ match: [{ ${wanted} }], delegate: { name: acc-routes, namespace: bank } }] }`,
  );
  const narrowed = istio('VirtualService', 'bank/acc-routes', `{ http: [{ match: [{ ${own} }], ${to()} }] }`);
  expect(found([ACCOUNTS, EDGE, publicGateway(), narrowed, rooted], 'delegate-match-outside-root')).toEqual([
    expect.stringContaining(`(${field}), so Istio drops it without an error`),
  ]);
});
