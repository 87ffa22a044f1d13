import { createHash } from 'node:crypto';
import type { FindingRecord } from './finding-record';
import { placeText } from '../../analysis/finding';
import { RULES } from '../../analysis/rules.generated';
import type { NotJudged } from '../../edge/not-judged';
import { describeNotJudged } from '../../edge/not-judged';
import { resourceText } from '../../manifest/kubernetes-object';
import { plainText } from '../../manifest/plain-text';
import type { PackageFile } from '../package-file';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Findings as SARIF 2.1.0, for code scanning, and what is not judged. */
export function sarifFindings(
  all: readonly FindingRecord[], notJudged: readonly NotJudged[], { version, repository }: PackageFile,
): object {
  // Readers require a file per result, so findings about the whole input become notifications.
  const findings = all.filter(({ file }) => file !== undefined);
  const rules = [...new Map(findings.map(finding => [finding.rule, finding])).values()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'cdk8s-istio',
          version,
          semanticVersion: version,
          ...(repository === undefined ? {} : { informationUri: repository }),
          rules: rules.map(({ rule, codes, severity }) => ({
            id: rule,
            shortDescription: { text: escaped(titleOf(rule)) },
            ...(repository === undefined ? {} : { helpUri: helpUri(rule, repository) }),
            defaultConfiguration: { level: LEVELS[severity] },
            properties: { tags: ['istio', ...codes] },
          })),
        },
      },
      invocations: [{
        executionSuccessful: true,
        toolExecutionNotifications: [
          ...all.filter(({ file }) => file === undefined).map(({ rule, severity, message, repair }) => (
            { descriptor: { id: rule }, level: LEVELS[severity], message: { text: escaped(`${message}; ${repair}`) } })),
          ...notJudged.map(entry => ({ level: LEVELS.info, message: { text: escaped(`not judged: ${describeNotJudged(entry)}`) } })),
        ],
      }],
      results: findings.map(finding => result(finding, rules.findIndex(({ rule }) => rule === finding.rule))),
    }],
  };
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ...RULES.map(({ id, title }): [string, string] => [id, title]),
  ['foreign-file', 'A file that holds no Kubernetes object'],
  ['unreadable-manifest', 'A file or document that cannot be read'],
  ['unrendered-template', 'A template that was not rendered'],
  ['unused-suppression', 'A suppression that matches no finding'],
  ['rule-failed', 'A rule that failed on an object'],
]);

function titleOf(rule: string): string {
  return TITLES.get(rule) ?? rule;
}

/** The section of the rule on the page of all rules, or the page if the id is not on it. */
function helpUri(rule: string, repository: string): string {
  const section = RULES.some(({ id }) => id === rule) ? `#${rule}` : '';
  return `${repository}/blob/HEAD/docs/findings.md${section}`;
}

function result(finding: FindingRecord, ruleIndex: number): object {
  const { rule, severity, file, line, resource, path, message, repair } = finding;
  const place = placeText(finding);
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: escaped(`${place === '' ? '' : `${place}: `}${message}; ${repair}`) },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: uri(file!) },
        ...(line === undefined ? {} : { region: { startLine: line } }),
      },
      ...(place === '' ? {} : { logicalLocations: [{ fullyQualifiedName: place }] }),
    }],
    // Without the line, a finding that only moves keeps its fingerprint.
    partialFingerprints: {
      'finding/v1': createHash('sha256')
        .update(JSON.stringify([rule, file, resource ? resourceText(resource) : '', path, message])).digest('hex').slice(0, 32),
    },
  };
}

/** Escapes what SARIF would read as a link (brackets before a parenthesis) or as a placeholder (a number in braces). */
function escaped(message: string): string {
  const line = plainText(message).replace(/\{(\d+)\}/g, '{{$1}}');
  return line.includes('](') ? line.replace(/[[\]]/g, '\\$&') : line;
}

function uri(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join('/').replace(/^([A-Za-z])%3A/, 'file:///$1:');
}
