import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { document } from '../../scripts/findings';
import { CODES, LEFT_OUT } from '../../scripts/findings/codes';
import { RULES } from '../../src/analysis';

test('docs/findings.md equals the output of the rules and their examples', () => {
  expect(readFileSync(join(__dirname, '../../docs/findings.md'), 'utf8')).toBe(document());
});

test('every code of istioctl and Kiali has a rule, or a reason why not', () => {
  const [ruled, reasoned] = [RULES.flatMap(({ codes }) => codes), LEFT_OUT.flatMap(({ codes }) => codes)];
  expect(CODES.filter(code => !ruled.includes(code) && !reasoned.includes(code))).toEqual([]);
  expect(reasoned.filter(code => ruled.includes(code) || !CODES.includes(code))).toEqual([]);
  expect(ruled.filter(code => !CODES.includes(code))).toEqual([]);
});
