import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, describeFinding } from '../../src/analysis';
import type { AnalyzeOptions, Finding } from '../../src/analysis';
import { RULES } from '../../src/analysis/rules';
import { ADMISSION_RULES } from '../../src/analysis/rules/admission';
import { parseManifests } from '../../src/manifest/loader';

const FIXTURES = join(__dirname, 'fixtures');
const ADMISSION = new Set(ADMISSION_RULES.map(({ id }) => id));

/** What fixtures of some rules suppose beside the manifests. */
const OPTIONS: { readonly [rule: string]: AnalyzeOptions } = {
  'mirrored-host-by-version': { upgradesFrom: '1.24' },
  'default-retries-by-version': { upgradesFrom: '1.23' },
  'unknown-telemetry-provider': { meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }] } },
  'deprecated-tracing-provider': { meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }, { name: 'old', lightstep: {} }] } },
};

/** A fixture's sentence, its first line, and what is found in it. */
function read(rule: string, which: 'bad' | 'good'): { readonly sentence: string; readonly findings: readonly Finding[] } {
  const text = readFileSync(join(FIXTURES, rule, `${which}.yaml`), 'utf8');
  const { objects, problems } = parseManifests(text, { file: `${rule}/${which}.yaml` });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { sentence: text.split('\n')[0].replace(/^# /, ''), findings: analyze(objects, OPTIONS[rule]).filter(({ rule: id }) => id !== 'kinds-missing') };
}

const rules = readdirSync(FIXTURES);

test('every rule about traffic has a bad and a good example', () => {
  expect([...rules].sort()).toEqual(RULES.map(({ id }) => id).filter(id => !ADMISSION.has(id)).sort());
});

describe.each(rules)('%s', rule => {
  const { sentence, findings } = read(rule, 'bad');
  test(`is found: ${sentence}`, () => {
    expect(findings.map(({ rule: id }) => id)).toContain(rule);
  });

  test('tells the cause and the repair in a line each, at a field that is there', () => {
    for (const finding of findings.filter(({ rule: id }) => id === rule)) {
      expect(finding.cause).not.toMatch(/\n|undefined|\[object|NaN/);
      expect(finding.repair).not.toMatch(/\n|undefined|\[object|NaN/);
      expect(finding.path).toBeDefined();
      expect(finding.line).toBeGreaterThan(0);
    }
  });

  const good = read(rule, 'good');
  test(`finds nothing at all: ${good.sentence}`, () => {
    expect(good.findings.map(describeFinding)).toEqual([]);
  });
});
