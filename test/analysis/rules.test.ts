import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rulesSource } from '../../scripts/rules';
import { analyze, describeFinding, RULES } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

const FIXTURES = join(__dirname, 'fixtures');

test('the list of rules has every file in src/analysis/rules', () => {
  expect(readFileSync(join(__dirname, '../../src/analysis/rules.generated.ts'), 'utf8')).toBe(rulesSource());
});

test('every rule has a folder of examples, and every folder a rule', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

test('rule names are unique', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

/** The sentence of an example (its first line), and its findings. */
function read(id: string, which: 'bad' | 'good'): { readonly sentence: string; readonly findings: readonly Finding[] } {
  const listed = RULES.find(rule => rule.id === id)!;
  const { upgradesFrom, meshConfig, complete } = listed.load().example ?? {};
  const text = readFileSync(join(FIXTURES, id, `${which}.yaml`), 'utf8');
  const { objects, problems } = parseManifests(text, { file: `${id}/${which}.yaml` });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return {
    sentence: text.split('\n')[0].replace(/^# /, ''),
    findings: analyze(objects, { upgradesFrom, meshConfig, complete, target: listed.step && 'ambient' }).filter(({ rule }) => rule !== 'kinds-missing'),
  };
}

describe.each(RULES.map(({ id }) => id))('%s', id => {
  const { sentence, findings } = read(id, 'bad');
  test(`is found: ${sentence}`, () => {
    expect(findings.map(({ rule }) => rule)).toContain(id);
  });

  test('reports the cause and the repair in one line each, at an existing field', () => {
    for (const finding of findings.filter(({ rule }) => rule === id)) {
      expect(finding.cause).not.toMatch(/\n|undefined|\[object|NaN/);
      expect(finding.repair).not.toMatch(/\n|undefined|\[object|NaN/);
      expect(finding.path).toBeDefined();
      expect(finding.line).toBeGreaterThan(0);
    }
  });

  const good = read(id, 'good');
  test(`finds nothing at all: ${good.sentence}`, () => {
    expect(good.findings.map(describeFinding)).toEqual([]);
  });
});
