import type { FindingRecord } from './finding-record';
import { KINDS_MISSING } from './finding-record';
import { placeText } from '../../analysis/finding';
import { groupBy } from '../../manifest/group-by';
import type { Line, Style } from '../line';
import { line, styled } from '../line';

const SEVERITY_STYLES: { readonly [severity: string]: Style } = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Up to this many findings with the same message are all written in full. */
const MOST_ALIKE = 10;
/** Of more findings, this many are written in full, and the places of this many others. */
const [IN_FULL, NAMED] = [3, 5];

/** Findings as text. Of many findings with the same message, the first are written in full, and the others are counted. */
export function textFindings(findings: readonly FindingRecord[]): Line[][] {
  const groups = groupBy(findings, likeness);
  return findings.flatMap(finding => {
    const group = groups.get(likeness(finding))!;
    const isMany = group.length > MOST_ALIKE;
    if (isMany && finding === group[IN_FULL]) return [othersText(group.slice(IN_FULL))];
    return isMany && !group.slice(0, IN_FULL).includes(finding) ? [] : [textFinding(finding)];
  });
}

/** A key that findings share if they differ only in names and numbers. */
function likeness({ environment = '', rule, severity, message }: FindingRecord): string {
  const shape = message.replace(/'[^']*'/g, '#').replace(/\S+/g, word => (/[\d/#]/.test(word) ? '#' : word)).replace(/#( and #|,? ?#)*/g, '#');
  return [environment, rule, severity, shape].join('\n');
}

/** The number of findings besides those in full, and the places of the first of them. */
function othersText(findings: readonly FindingRecord[]): Line[] {
  const [{ environment, rule, severity }] = findings;
  const label = environment === undefined ? '' : `[${environment}] `;
  const rest = findings.length - NAMED;
  return [
    line`${label}${styled(severity, SEVERITY_STYLES[severity], 'bold')} ${rule}: ${findings.length} more with the same message, for`,
    ...findings.slice(0, NAMED).map(finding => `  ${sourceText(finding)}${placeText(finding)}`),
    ...(rest > 0 ? [`  and ${rest} more; --format json writes all`] : []),
  ];
}

function sourceText({ file, line: lineNumber }: FindingRecord): string {
  return file === undefined ? '' : `${file}${lineNumber === undefined ? '' : `:${lineNumber}`}: `;
}

/** A finding as text: where it is, what is wrong, and the repair. */
function textFinding(finding: FindingRecord): Line[] {
  const { environment, severity, rule, codes, constructs, message, repair } = finding;
  const what = placeText(finding);
  const label = environment === undefined ? '' : `[${environment}] `;
  if (rule === KINDS_MISSING) return [line`${label}${styled('not judged:', 'dim')} ${message}`];
  const level = styled(severity, SEVERITY_STYLES[severity], 'bold');
  return [
    line`${label}${styled(sourceText(finding), 'bold')}${level} ${[rule, ...codes].join(' ')}`,
    ...(what === '' ? [] : [`  ${what}`]),
    `  ${message}`,
    line`  ${styled('repair:', 'dim')} ${repair}`,
    ...(constructs === undefined || constructs.length === 0 ? [] : [line`  ${styled('from:', 'dim')} ${constructs.join(', ')}`]),
  ];
}
