import type { FindingRecord } from './finding-record';
import { KINDS_MISSING } from './finding-record';
import { placeText } from '../../analysis/finding';
import type { Line, Style } from '../line';
import { line, styled } from '../line';

const SEVERITY_STYLES: { readonly [severity: string]: Style } = { error: 'red', warning: 'yellow', info: 'cyan' };

/** A finding for people: where, what, and how to repair it. */
export function textFinding(finding: FindingRecord): Line[] {
  const { environment, severity, rule, codes, file, line: lineNumber, constructs, message, repair } = finding;
  const place = file === undefined ? '' : `${file}${lineNumber === undefined ? '' : `:${lineNumber}`}: `;
  const what = placeText(finding);
  const label = environment === undefined ? '' : `[${environment}] `;
  if (rule === KINDS_MISSING) return [line`${label}${styled('not judged:', 'dim')} ${message}`];
  const level = styled(severity, SEVERITY_STYLES[severity], 'bold');
  return [
    line`${label}${styled(place, 'bold')}${level} ${[rule, ...codes].join(' ')}`,
    ...(what === '' ? [] : [`  ${what}`]),
    `  ${message}`,
    line`  ${styled('repair:', 'dim')} ${repair}`,
    ...(constructs === undefined || constructs.length === 0 ? [] : [line`  ${styled('from:', 'dim')} ${constructs.join(', ')}`]),
  ];
}
