import { ACCOUNTS, EDGE, found, istio, publicGateway, to, workload } from './bank';

const RULE = 'rule-inside-earlier-rule';

function paths(rules: readonly string[], spec = 'hosts: [accounts]', others: readonly string[] = [ACCOUNTS]): string[] {
  const routes = rules.map(match => `{ ${match === '' ? '' : `match: [${match}], `}${to()} }`).join(', ');
  return found([...others, istio('VirtualService', 'bank/accounts', `{ ${spec}, http: [${routes}] }`)], RULE).map(
    text => / (spec\S+): /.exec(text)![1],
  );
}

const HEADER = '{ headers: { x: { exact: "1" } } }';

test.each([
  '{ uri: { prefix: / } }',
  '{ uri: { regex: ".*" } }',
  '{ uri: { regex: "/.*" } }',
  '{ port: 80 }',
])('no request passes %s', match => {
  expect(paths([match, HEADER])).toEqual(['spec.http[1]']);
  expect(paths([match, ''])).toEqual(['spec.http[1]']);
  expect(paths([HEADER, match])).toEqual([]);
});

test('an exact path is within a prefix, and a path with a header is within the path', () => {
  expect(paths(['{ uri: { prefix: /a } }', '{ uri: { exact: /a/b } }'])).toEqual(['spec.http[1]']);
  expect(paths(['{ uri: { exact: /a } }', '{ uri: { exact: /a }, headers: { x: { exact: "1" } } }'])).toEqual(['spec.http[1]']);
  expect(paths(['{ uri: { prefix: /a }, method: { exact: GET } }', '{ uri: { exact: /a/b } }'])).toEqual([]);
});

test('of several matches, only those within it are named', () => {
  expect(paths(['{ uri: { prefix: /a } }', '{ uri: { exact: /a/b } }, { uri: { exact: /b } }'])).toEqual(['spec.http[1].match[0]']);
});

test('an entry for one port leaves the other ports to the rest', () => {
  const several = workload('bank', 'accounts', 'app: accounts', 'name: http, port: 80, targetPort: 8080 }, { name: http-admin, port: 81');
  expect(paths(['{ port: 80 }', HEADER], undefined, [several])).toEqual([]);
  expect(paths(['{ port: 80 }', '{ port: 80, headers: { x: { exact: "1" } } }'], undefined, [several])).toEqual(['spec.http[1]']);
});

test('an entry for some callers, or for a Gateway, leaves the others to the rest', () => {
  const both = 'hosts: [accounts, bank.example.org], gateways: [mesh, infra/public]';
  const around = [ACCOUNTS, EDGE, publicGateway()];
  expect(paths(['{ sourceLabels: { app: portal } }', HEADER])).toEqual([]);
  expect(paths(['{ gateways: [mesh] }', HEADER], both, around)).toEqual([]);
  expect(paths(['{ gateways: [mesh] }', '{ gateways: [mesh], headers: { x: { exact: "1" } } }'], both, around)).toEqual(['spec.http[1]']);
});

test('a delegate may take less than its entry', () => {
  const delegate = istio('VirtualService', 'bank/part', `{ http: [{ match: [{ uri: { prefix: /a/b } }], ${to()} }] }`);
  const root = istio(
    'VirtualService',
    'bank/accounts',
    `{ hosts: [accounts], http: [{ match: [{ uri: { prefix: /a } }], delegate: { name: part } }, { match: [{ uri: { exact: /a/c } }], ${to()} }] }`,
  );
  expect(found([ACCOUNTS, delegate, root])).toEqual([]);
});

test('findings of other rules are not repeated', () => {
  expect(paths(['', HEADER])).toEqual([]);
  expect(paths(['{ uri: { prefix: /a } }', '{ uri: { prefix: /a/b } }'])).toEqual([]);
  expect(paths([HEADER, HEADER])).toEqual([]);
});
