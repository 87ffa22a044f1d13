// Writes docs/findings.md: what the analysis finds, by its rules and their examples.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEFT_OUT } from './findings/codes';
import { DEVIATIONS } from '../conformance/analysis/deviations';
import { analyze, RULES } from '../src/analysis';
import type { ListedRule } from '../src/analysis/listed-rule';
import { STEP_TITLES } from '../src/analysis/migration';
import { splitDocuments } from '../src/manifest/document-text';
import { groupBy } from '../src/manifest/group-by';
import { parseManifests } from '../src/manifest/loader';

const root = join(__dirname, '..');

/** The headings of the folders of rules, in the order of the page. */
const THEMES: { readonly [folder: string]: string } = {
  'admission': 'What Kubernetes and istiod reject',
  'destinations': 'Destinations of routes',
  'routes': 'Routes and their order',
  'conditions': 'Misleading conditions',
  'rewrites': 'Misleading rewrites and redirects',
  'gateways': 'Gateways',
  'gateway-api': 'The Gateway API',
  'resilience': 'Faults, timeouts and retries',
  'destination-rules': 'DestinationRules: which one applies',
  'subsets': 'Subsets',
  'load-balancing': 'Limits, ejection and localities',
  'client-tls': 'TLS of clients',
  'sidecars': 'Sidecars',
  'service-entries': 'ServiceEntries',
  'services': 'Services and workloads',
  'telemetry': 'Telemetry',
  'namespaces': 'Namespaces',
  'authorization': 'AuthorizationPolicies',
  'envoy-filters': 'EnvoyFilters',
  'ambient': 'What changes in ambient mode',
  'istiod-crashes': 'What crashes istiod',
};

/** The bad or the good example of a rule. */
export function exampleOf(id: string, which: 'bad' | 'good'): string {
  const file = join(root, 'test/analysis/fixtures', id, `${which}.yaml`);
  if (!existsSync(file)) throw new Error(`the rule ${id} has no example; write test/analysis/fixtures/${id}/${which}.yaml`);
  return readFileSync(file, 'utf8');
}

/** What a rule reports of an example. */
export function findingsIn({ id, step, load }: ListedRule, which: 'bad' | 'good') {
  const { upgradesFrom, meshConfig, complete } = load().example ?? {};
  const options = { upgradesFrom, meshConfig, complete, target: targetOf({ step }) };
  return analyze(parseManifests(exampleOf(id, which)).objects, options).filter(({ rule }) => rule === id);
}

/** The target of the analysis in which a rule runs. */
export function targetOf({ step }: Pick<ListedRule, 'step'>): 'ambient' | undefined {
  return step && 'ambient';
}

function documentsOf(text: string): string[] {
  return splitDocuments(text).map(one => one.text.replace(/^---\n/, '').replace(/^#.*\n/, '').trimEnd());
}

/** The documents of an example that the other one does not have. */
function difference(text: string, other: string): string[] {
  const common = new Set(documentsOf(other));
  const own = documentsOf(text).filter(one => !common.has(one));
  return own.length > 0 ? own : ['# Without the other manifest.'];
}

/** The sentence at the top of an example. */
function sentence(text: string): string {
  return text.split('\n')[0].replace(/^# /, '');
}

function codesOf({ codes }: ListedRule, prefix: 'IST' | 'KIA'): string[] {
  return codes.filter(code => code.startsWith(prefix));
}

/** The other tools that find the same mistake. */
function foundBy(rule: ListedRule): string {
  const [istio, kiali] = [codesOf(rule, 'IST'), codesOf(rule, 'KIA')];
  const tools = [...istio.length > 0 ? [`istioctl (${istio.join(', ')})`] : [], ...kiali.length > 0 ? [`Kiali (${kiali.join(', ')})`] : []];
  return tools.length === 0 ? 'No other tool finds it.' : `${tools.join(' and ')} find${tools.length === 1 ? 's' : ''} it too.`;
}

function yamlBlock(documents: readonly string[]): string {
  return `\`\`\`yaml\n${documents.join('\n---\n')}\n\`\`\``;
}

function section(rule: ListedRule): string {
  const { id, severity, step, needs = [], title } = rule;
  const [bad, good] = [exampleOf(id, 'bad'), exampleOf(id, 'good')];
  const { effect, source, example } = rule.load();
  const [finding] = findingsIn(rule, 'bad');
  if (!finding) throw new Error(`the rule ${id} finds nothing in test/analysis/fixtures/${id}/bad.yaml`);
  return `### ${id}

${title}.

- **Severity**: ${severity}. ${foundBy(rule)}${needs.length > 0 ? ` Runs only if the input has a ${needs.join(' and a ')}.` : ''}${step ? ` Runs only with \`--target ambient\`, in the step "${STEP_TITLES[step]}".` : ''}
- **Effect**: ${effect}${source === undefined ? '' : ` Source: ${source}.`}
- **Finding**: ${finding.cause}; ${finding.repair}.

Bad: ${sentence(bad)}${example === undefined ? '' : ` (${example.words})`}

${yamlBlock(difference(bad, good))}

Good: ${sentence(good)}

${yamlBlock(difference(good, bad))}
`;
}

/** The rules by the heading of their folder. */
function rulesByTheme(): (readonly [heading: string, rules: readonly ListedRule[]])[] {
  const byFolder = groupBy(RULES, ({ theme }) => theme);
  const unknown = [...byFolder.keys()].find(folder => !Object.hasOwn(THEMES, folder));
  if (unknown !== undefined) throw new Error(`scripts/findings.ts has no heading for the folder src/analysis/rules/${unknown}`);
  return Object.entries(THEMES).map(([folder, heading]) => [heading, byFolder.get(folder) ?? []]);
}

export function document(): string {
  const themes = rulesByTheme();
  return `<!-- Written by scripts/findings.ts from the rules and their examples in test/analysis; do not edit. -->
# Findings

The analysis of manifests has ${RULES.length} rules. \`TrafficChecks\` applies them to an App, the validation \`TrafficValidation\` to the output of \`cdk8s synth\`,
and \`analyze\` of \`cdk8s-istio/analysis\` to any manifests. A rule does not run if the input lacks a kind that it needs; the finding \`kinds-missing\` says so
once. What a rule misses may be in other manifests: a finding that rests on something absent is an error only with \`--complete\`. Otherwise
it is a warning if the input shows the place where it would be, such as other objects of the namespace, and there is none if the input shows nothing of it.
A rule that fails on an object is the finding \`rule-failed\` for this object; all other objects are still checked.

Name the validation in \`cdk8s.yaml\`. It judges the files of each App or MeshEnvironment together, in whatever folders the App writes them, with the files that you
write into these folders by hand:

\`\`\`yaml
validations:
  - package: ./node_modules/cdk8s-istio/lib/src/validation
    version: 0.0.0
    class: TrafficValidation
    properties: { failOn: error, suppressionsFile: suppressions.yaml }
\`\`\`

Suppress a finding that you intend in one of two ways:

- with the annotation \`galley.istio.io/analyze-suppress\` on the object: codes of istioctl or names of rules, separated by commas, as Istio's own analyzers read it;
- with \`suppressions\`: each has a rule or code, a resource such as \`VirtualService shop/*\`, and a reason.

A suppression that matches no finding, in any of the environments that are analyzed together, is the finding \`unused-suppression\`.

| Rule | Severity | istioctl | Kiali |
|---|---|---|---|
${themes.flatMap(([, rules]) => rules).map(rule => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${codesOf(rule, 'IST').join(' ')} | ${codesOf(rule, 'KIA').join(' ')} |`).join('\n')}

## Codes without a rule

| Codes | Why |
|---|---|
${LEFT_OUT.map(({ codes, reason }) => `| ${codes.join(' ')} | ${reason} |`).join('\n')}

## Differences from istioctl

\`npm run conformance\` compares the findings with those of Istio's own analyzers on generated sets of manifests: the same findings on the same resources, equally
often. These are the only differences:

| Difference | Why |
|---|---|
${DEVIATIONS.map(({ id, reason, issue, missed, added }) => `| ${[...new Set([...missed, ...added].map(key => key.slice(0, 'IST0000'.length)))].join(' ')} \`${id}\` | ${reason}${issue === undefined ? '' : ` (${issue})`} |`).join('\n')}

The examples below show the manifests in which the bad and the good one differ. \`test/analysis/fixtures\` has them as a whole, and the tests run both.

${themes.map(([heading, rules]) => `## ${heading}\n\n${rules.map(section).join('\n')}`).join('\n')}`;
}

if (require.main === module) writeFileSync(join(root, 'docs/findings.md'), document());
