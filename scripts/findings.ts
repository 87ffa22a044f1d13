// Writes docs/findings.md: what the analysis finds, by its rules and their examples.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EFFECTS } from './findings/effects';
import { LEFT_OUT } from './findings/left-out';
import { DEVIATIONS } from '../conformance/analysis/deviations';
import { analyze, RULES } from '../src/analysis';
import type { AnalyzeOptions, TrafficRule } from '../src/analysis';
import { splitDocuments } from '../src/manifest/document-text';
import { parseManifests } from '../src/manifest/loader';

const root = join(__dirname, '..');
const FOLDERS = ['fixtures', 'admission-fixtures'].map(name => join(root, 'test/analysis', name));

/** What some examples suppose beside the manifests. */
const OPTIONS: { readonly [rule: string]: { readonly options: AnalyzeOptions; readonly said: string } } = {
  'mirrored-host-by-version': { options: { upgradesFrom: '1.24' }, said: 'with `upgradesFrom: \'1.24\'`' },
  'default-retries-by-version': { options: { upgradesFrom: '1.23' }, said: 'with `upgradesFrom: \'1.23\'`' },
  'unknown-telemetry-provider': { options: { meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }] } }, said: 'with a provider named `jaeger` in the mesh config' },
  'deprecated-tracing-provider': {
    options: { meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }, { name: 'old', lightstep: {} }] } },
    said: 'with a Lightstep provider named `old` in the mesh config',
  },
};

export function exampleOf(rule: string, which: 'bad' | 'good'): string {
  const file = FOLDERS.map(folder => join(folder, rule, `${which}.yaml`)).find(path => existsSync(path));
  if (file === undefined) throw new Error(`the rule ${rule} has no example; write test/analysis/fixtures/${rule}/${which}.yaml`);
  return readFileSync(file, 'utf8');
}

/** What a rule says of an example. */
export function findingsIn(rule: string, text: string) {
  return analyze(parseManifests(text).objects, OPTIONS[rule]?.options).filter(finding => finding.rule === rule);
}

function documentsOf(text: string): string[] {
  return splitDocuments(text).map(one => one.text.replace(/^---\n/, '').replace(/^#.*\n/, '').trimEnd());
}

/** The documents in which an example differs from the other one; what both have in common is background. */
function difference(text: string, other: string): string[] {
  const common = new Set(documentsOf(other));
  const own = documentsOf(text).filter(one => !common.has(one));
  return own.length > 0 ? own : ['# Without the other manifest.'];
}

function sentence(text: string): string {
  return text.split('\n')[0].replace(/^# /, '');
}

function foundBy(codes: readonly string[]): string {
  const [istio, kiali] = ['IST', 'KIA'].map(prefix => codes.filter(code => code.startsWith(prefix)));
  const others = [istio.length > 0 ? `istioctl (${istio.join(', ')})` : '', kiali.length > 0 ? `Kiali (${kiali.join(', ')})` : ''].filter(text => text !== '');
  return others.length === 0 ? 'no other tool' : `${others.join(' and ')} too`;
}

function section({ id, codes, severity, needs = [], title }: TrafficRule): string {
  const [bad, good] = [exampleOf(id, 'bad'), exampleOf(id, 'good')];
  const [finding] = findingsIn(id, bad);
  const block = (documents: string[]) => `\`\`\`yaml\n${documents.join('\n---\n')}\n\`\`\``;
  return `### ${id}

${title}.

- **Severity**: ${severity}. Found by ${foundBy(codes)}.${needs.length > 0 ? ` Silent without a ${needs.join(' and a ')} in the input.` : ''}
- **What Envoy does**: ${EFFECTS[id]}
- **What is said**: ${finding.cause}; ${finding.repair}.

${sentence(bad)}${OPTIONS[id] === undefined ? '' : ` (${OPTIONS[id].said})`}

${block(difference(bad, good))}

Better: ${sentence(good)}

${block(difference(good, bad))}
`;
}

export function document(): string {
  const shared = new Set(RULES.map(({ id }) => id));
  const missing = [...shared].filter(id => !Object.hasOwn(EFFECTS, id));
  if (missing.length > 0) throw new Error(`scripts/findings/effects.ts does not say what Envoy does about ${missing.join(', ')}`);
  return `<!-- Written by scripts/findings.ts from the rules and their examples in test/analysis; do not edit. -->
# Findings

What the analysis of manifests finds: ${RULES.length} rules. \`TrafficChecks\` applies them to an App, the validation \`TrafficValidation\` to what \`cdk8s synth\` wrote,
and \`analyze\` of \`cdk8s-istio/analysis\` to any manifests. A rule that needs a kind which the input lacks altogether is silent, and the finding \`kinds-missing\`
says so once. A rule that fails is the finding \`rule-failed\`.

The validation is named in \`cdk8s.yaml\`, and judges the files of each folder as one environment, hand-written ones among them:

\`\`\`yaml
validations:
  - package: ./node_modules/cdk8s-istio/lib/src/validation
    version: 0.0.0
    class: TrafficValidation
    properties: { failOn: error, suppressionsFile: suppressions.yaml }
\`\`\`

A finding that is meant is suppressed: by the annotation \`galley.istio.io/analyze-suppress\` on the object, with codes of istioctl or names of rules divided by
commas, as Istio's own analyzers read it; or by \`suppressions\`, each with a rule or code, a resource such as \`VirtualService shop/*\`, and a reason. One that nothing
needs, in none of the environments that are analyzed together, is the finding \`unused-suppression\`.

| Rule | Severity | istioctl | Kiali |
|---|---|---|---|
${RULES.map(({ id, severity, codes }) => `| [${id}](#${id}) | ${severity} | ${codes.filter(code => code.startsWith('IST')).join(' ')} | ${codes.filter(code => code.startsWith('KIA')).join(' ')} |`).join('\n')}

## What is left to others

| Codes | Why |
|---|---|
${LEFT_OUT.map(({ codes, reason }) => `| ${codes.join(' ')} | ${reason} |`).join('\n')}

## Where istioctl is not followed

On generated sets of manifests the findings are those of Istio's own analyzers, on the same resources and as often (\`npm run conformance\`), but for these deviations:

| What | Why |
|---|---|
${DEVIATIONS.map(({ id, reason, issue, missed, added }) => `| ${[...new Set([...missed, ...added].map(key => key.slice(0, 'IST0000'.length)))].join(' ')} \`${id}\` | ${reason}${issue === undefined ? '' : ` (${issue})`} |`).join('\n')}

## The rules

The examples show the manifests in which the bad and the good differ; what both have beside them stands in \`test/analysis\`, whose tests run both.

${RULES.map(section).join('\n')}`;
}

if (require.main === module) writeFileSync(join(root, 'docs/findings.md'), document());
