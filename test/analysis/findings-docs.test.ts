import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, exampleOf, findingsIn } from '../../scripts/findings';
import { EFFECTS } from '../../scripts/findings/effects';
import { CODES, LEFT_OUT } from '../../scripts/findings/left-out';
import { RULES } from '../../src/analysis';

test('docs/findings.md is what the rules and their examples make', () => {
  expect(readFileSync(join(__dirname, '../../docs/findings.md'), 'utf8')).toBe(document());
});

test('what Envoy does is said for each rule, and for nothing else', () => {
  expect(Object.keys(EFFECTS).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

test('every code of istioctl and Kiali has a rule, or a reason why not', () => {
  const [ruled, reasoned] = [RULES.flatMap(({ codes }) => codes), LEFT_OUT.flatMap(({ codes }) => codes)];
  expect(CODES.filter(code => !ruled.includes(code) && !reasoned.includes(code))).toEqual([]);
  expect(reasoned.filter(code => ruled.includes(code) || !CODES.includes(code))).toEqual([]);
  expect(ruled.filter(code => !CODES.includes(code))).toEqual([]);
});

test.each(RULES.map(({ id }) => id))('%s is found in its bad example, and not in its good one', id => {
  expect(findingsIn(id, exampleOf(id, 'bad')).length).toBeGreaterThan(0);
  expect(findingsIn(id, exampleOf(id, 'good'))).toEqual([]);
});
