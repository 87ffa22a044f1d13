import type { FindingRecord } from './finding-record';
import { describeResource } from './finding-record';
import { plain } from '../plain-text';
import type { Style, Terminal } from '../terminal';

export const SEVERITY_STYLES: { readonly [severity: string]: Style } = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Findings for people: where, what, and how to repair it. */
export function textFindings(findings: readonly FindingRecord[], terminal: Terminal): string {
  return findings.map(finding => textFinding(finding, terminal).join('\n')).join('\n\n');
}

function textFinding(finding: FindingRecord, terminal: Terminal): string[] {
  const { environment, severity, rule, codes, file, line, path, constructs, message, repair } = finding;
  const place = file === undefined ? '' : plain`${file}${line === undefined ? '' : `:${line}`}: `;
  const what = [describeResource(finding), path ?? ''].filter(part => part !== '').join(' ');
  return [
    `${environment === undefined ? '' : plain`[${environment}] `}${terminal.style(place, 'bold')}${terminal.style(severity, SEVERITY_STYLES[severity], 'bold')} `
    + `${plain`${[rule, ...codes].join(' ')}`}`,
    ...(what === '' ? [] : [plain`  ${what}`]),
    plain`  ${message}`,
    `  ${terminal.style('repair:', 'dim')} ${plain`${repair}`}`,
    ...(constructs === undefined || constructs.length === 0 ? [] : [`  ${terminal.style('from:', 'dim')} ${plain`${constructs.join(', ')}`}`]),
  ];
}
