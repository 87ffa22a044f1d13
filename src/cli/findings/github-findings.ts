import type { FindingRecord } from './finding-record';
import type { NotJudged } from '../../edge/not-judged';
import { describeNotJudged } from '../../edge/not-judged';
import { resourceText } from '../../manifest/kubernetes-object';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Findings as GitHub workflow commands, which become annotations of the lines. What is not judged becomes a notice of the whole run. */
export function githubFindings(findings: readonly FindingRecord[], notJudged: readonly NotJudged[]): string[] {
  const notices = notJudged.map(entry => `::notice title=not judged::${data(describeNotJudged(entry))}`);
  return [...findings.map(findingCommand), ...notices];
}

function findingCommand(finding: FindingRecord): string {
  const { severity, rule, codes, file, line, message, repair, resource } = finding;
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`, ...(line === undefined ? [] : [`line=${line}`])]),
    `title=${property([rule, ...codes].join(' '))}`,
  ];
  const place = resource ? `${resourceText(resource)}: ` : '';
  return `::${COMMANDS[severity]} ${properties.join(',')}::${data(`${place}${message}; ${repair}`)}`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
