import { ACCOUNTS, found, istio } from './bank';

const RULE = 'selecting-destination-rule-loses-settings';
const plain = (name: string, fields: string) => istio('DestinationRule', `bank/${name}`, `{ host: accounts, ${fields} }`);
const subsets = (...names: string[]) => `subsets: [${names.map(name => `{ name: ${name}, labels: { version: ${name} } }`).join(', ')}]`;
const LIMITS = 'trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } }';
const selecting = (fields = LIMITS) => istio('DestinationRule', 'bank/web', `{ host: accounts, workloadSelector: { matchLabels: { app: web } }, ${fields} }`);

describe('a DestinationRule that selects callers', () => {
  test('loses what the one for all callers has, and keeps what it repeats', () => {
    const all = plain('accounts', `${subsets('v1', 'v2')}, trafficPolicy: { outlierDetection: {} }`);
    expect(found([ACCOUNTS, all, selecting(`${subsets('v2')}, ${LIMITS}`)], RULE)).toEqual([
      expect.stringContaining('without subset \'v1\', outlierDetection of bank/accounts: routes to such a subset get 503'),
    ]);
    expect(found([ACCOUNTS, plain('accounts', subsets('v1')), selecting(subsets('v1'))], RULE)).toEqual([]);
  });

  test('names the first few of many settings once, with their objects', () => {
    const many = Array.from({ length: 40 }, (_, i) => plain(`part-${i}`, subsets(`v${i}`)));
    expect(found([ACCOUNTS, ...many, selecting(subsets('v0'))], RULE)).toEqual([
      expect.stringMatching(/without subset 'v1' of bank\/part-1, .* and 34 more: routes to such a subset get 503/),
    ]);
  });

  test('loses nothing that only its own namespace sees', () => {
    expect(found([ACCOUNTS, plain('accounts', `${subsets('v1')}, exportTo: ["."]`), selecting()], RULE)).toEqual([]);
  });
});
