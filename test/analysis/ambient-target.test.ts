import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, RULES } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import type { Target } from '../../src/analysis/migration';
import { parseManifests } from '../../src/manifest/loader';

const FIXTURES = join(__dirname, 'fixtures');
const bad = (id: string) => parseManifests(readFileSync(join(FIXTURES, id, 'bad.yaml'), 'utf8')).objects;
const rulesOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule).filter(rule => rule.startsWith('ambient-'));

test('without a target, no rule about ambient mode fires', () => {
  const all = readdirSync(FIXTURES).filter(id => id.startsWith('ambient-')).flatMap(id => analyze(bad(id)));
  expect(rulesOf(all)).toEqual([]);
});

test('with a target, only rules about the move fire', () => {
  expect(analyze(bad('ambient-allow-rule-lost'), { target: 'ambient' }).filter(({ step, rule }) => !step && rule !== 'kinds-missing')).toEqual([]);
});

test('a rule that cannot apply is refused', () => {
  expect(() => analyze([], { rules: ['ambient-sidecar-idle'] })).toThrow("rules names 'ambient-sidecar-idle', which applies only with a target; set target to ambient");
  expect(() => analyze([], { rules: ['IST0101'], target: 'ambient' })).toThrow("rules names 'IST0101', which does not apply with target ambient; omit the target");
});

test('an unknown target is refused', () => {
  expect(() => analyze([], { target: 'moon' as Target })).toThrow('target is \'moon\'; use one of ambient');
});

test('findings stand by namespace, and what fails open stands first', () => {
  const ids = ['ambient-sidecar-idle', 'ambient-routes-without-waypoint', 'ambient-allow-rule-lost', 'ambient-tokens-unchecked'];
  const found = analyze(ids.flatMap(bad), { target: 'ambient' });
  expect(found.flatMap(({ step }) => step ?? [])).toEqual(['admits', 'refuses', 'reroutes', 'idle']);
});

test('a DENY rule is lost at ztunnel only if a part of it is left without conditions', () => {
  const [policy, ...others] = bad('ambient-deny-rule-lost');
  const found = (rules: unknown) => rulesOf(analyze([{ ...policy, spec: { ...policy.spec as object, rules } }, ...others], { target: 'ambient' }));
  const methods = { operation: { methods: ['GET'] } };
  expect(found([{ to: [methods], from: [{ source: { namespaces: ['web'] } }] }])).toEqual(['ambient-deny-rule-lost']);
  expect(found([{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }])).toEqual(['ambient-deny-rule-wider']);
  expect(found([{ to: [{ operation: { ports: ['80'] } }] }])).toEqual([]);
  // ztunnel skips an empty entry beside others, so that nothing denies what it names.
  expect(found([{ to: [{ operation: { ports: ['80'] } }, methods] }])).toEqual(['ambient-deny-rule-lost']);
});

test('an ALLOW rule by trust domain admits more, or nothing if that is all that a source states', () => {
  const [policy, ...others] = bad('ambient-trust-domain-ignored');
  const found = (...sources: readonly object[]) => rulesOf(analyze([
    { ...policy, spec: { ...policy.spec as object, rules: [{ from: sources.map(source => ({ source })) }] } }, ...others,
  ], { target: 'ambient' }));
  expect(found({ namespaces: ['web'], notTrustDomains: ['other'] })).toEqual(['ambient-trust-domain-ignored']);
  expect(found({ trustDomains: ['cluster.local'] })).toEqual(['ambient-allow-rule-lost']);
  expect(found({ trustDomains: ['cluster.local'] }, { namespaces: ['web'] })).toEqual(['ambient-allow-rule-lost']);
  expect(found({ namespaces: ['web'] }, { namespaces: ['api'], trustDomains: ['a'] })).toEqual(['ambient-trust-domain-ignored']);
});

test('what lies outside the input is a warning, unless the input is complete', () => {
  const [policy, , , deployment] = bad('ambient-policy-without-waypoint');
  const service = bad('ambient-policy-without-waypoint')[2];
  const severities = (complete: boolean) => analyze([policy, service, deployment], { target: 'ambient', complete })
    .filter(({ step }) => step).map(({ severity }) => severity);
  expect(severities(false)).toEqual(['warning']);
  expect(severities(true)).toEqual(['error']);
});

test('every rule about the move names who decides it', () => {
  expect(RULES.filter(({ step, load }) => step && !load().source).map(({ id }) => id)).toEqual([]);
});
