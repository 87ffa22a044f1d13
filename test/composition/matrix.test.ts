import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, outcome, statements } from '../../scripts/matrix';
import * as library from 'cdk8s-istio';

const names = Object.keys(statements);
const pairs = names.flatMap(a => names.map(b => [a, b] as const));

describe('every pair of constructs on one service', () => {
  test.each(pairs)('%s and %s compose in both orders, or throw with the path and the repair', (a, b) => {
    const [one, other] = [outcome(a, b), outcome(b, a)];
    expect(one === undefined).toBe(other === undefined);
    if (one === undefined) return;
    expect(one).toMatch(/chart\/(Second|Catalog)\b/);
    expect(one).toMatch(/; /);
  });

  test('is what docs/matrix.md shows (npm run matrix writes it)', () => {
    expect(readFileSync(join(__dirname, '../../docs/matrix.md'), 'utf8')).toBe(document());
  });

  test('covers every construct that takes a service', () => {
    const taking = Object.keys(library).filter(name => /(Release|Launch|Service|Policy|Injection|Route|Tls|Access)$/.test(name));
    const apart = ['MeshService', 'EgressPolicy', 'AccessPolicy', 'H2UpgradePolicy'];
    expect(taking.filter(name => !names.includes(name) && !apart.includes(name))).toEqual([]);
  });
});
