import { describeMove, placeOf, subjectOf, titleOf } from './change-text';
import type { Comparison } from './comparison';
import { notJudgedTexts } from './not-judged-text';
import type { CallerWords } from '../../diff/caller-words';
import type { TrafficChange } from '../../diff/change';
import { describeConnection } from '../../diff/change';
import { describeExample } from '../../proof/example-request';
import type { AccessChange } from '../../simulator/access-changes/access-change';
import { accessChangeText, accessExampleText } from '../../simulator/access-changes/access-change';
import { textFindings } from '../findings/text-findings';
import type { Line, Style } from '../line';
import { line, styled } from '../line';

const STYLES: { readonly [risk: string]: Style } = { high: 'red', medium: 'yellow', low: 'cyan' };

/** What changes for traffic, for a terminal, as blocks of lines. Without changes there are no blocks. */
export function textDiff({ changes, access, callerWords, rollout, findings, notJudged }: Comparison): Line[][] {
  return [
    ...access.map(accessText),
    ...changes.map(change => changeText(change, callerWords)),
    ...(notJudged.length > 0 ? [[[styled('Not judged', 'bold')], ...notJudgedTexts(notJudged).map(text => `  ${text}`)]] : []),
    ...rollout.map(({ message, repair }) => [line`${styled('rollout', 'red', 'bold')} ${message}`, `  repair: ${repair}`]),
    ...(findings.new.length > 0 ? [[[styled('New findings', 'bold')]], ...textFindings(findings.new)] : []),
    ...(findings.gone.length > 0 ? [[[styled('Findings that are gone', 'bold')]], ...textFindings(findings.gone)] : []),
  ];
}

function accessText(change: AccessChange): Line[] {
  const { risk, before, after } = change;
  const example = accessExampleText(change);
  return [
    line`${styled(risk.padEnd(6), STYLES[risk], 'bold')} ${styled(placeOf(change), 'bold')}: ${accessChangeText(change)}`,
    line`  ${styled('-', 'red')} ${before}`,
    line`  ${styled('+', 'green')} ${after}`,
    ...example === undefined ? [] : [line`  ${example}`],
  ];
}

function changeText(change: TrafficChange, words: CallerWords): Line[] {
  const { risk, before, after, moves = [], example, connection } = change;
  const subject = subjectOf(change);
  const what = `${titleOf(change)}${subject === '' ? '' : `: ${subject}`}`;
  return [
    line`${styled(risk.padEnd(6), STYLES[risk], 'bold')} ${styled(placeOf(change), 'bold')}: ${what}`,
    line`  ${styled('-', 'red')} ${before}`,
    line`  ${styled('+', 'green')} ${after}`,
    ...(moves.length > 0 ? [`  ${moves.map(describeMove).join(', ')}`] : []),
    ...(example ? [line`  ${styled('for example:', 'dim')} ${describeExample(example)}`] : []),
    ...(connection ? [line`  ${styled('for example:', 'dim')} ${describeConnection(connection)}`] : []),
    line`  ${styled('callers:', 'dim')} ${words.describe(change.callers)}`,
  ];
}
