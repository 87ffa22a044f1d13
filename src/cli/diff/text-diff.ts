import { callersText, describeMove, placeOf, subjectOf, titleOf } from './change-text';
import type { Comparison } from './comparison';
import type { TrafficChange } from '../../diff/change';
import { textFindings } from '../findings/text-findings';
import { plain } from '../plain-text';
import type { Style, Terminal } from '../terminal';

const STYLES: { readonly [risk: string]: Style } = { high: 'red', medium: 'yellow', low: 'cyan' };

/** What changes for traffic, for people at a terminal; empty where nothing does. */
export function textDiff({ changes, rollout, findings }: Comparison, terminal: Terminal): string {
  const heading = (text: string) => terminal.style(text, 'bold');
  return [
    ...changes.map(change => changeText(change, terminal)),
    ...rollout.map(({ message, repair }) => [`${terminal.style('rollout', 'red', 'bold')} ${plain`${message}`}`, plain`  repair: ${repair}`].join('\n')),
    ...(findings.new.length > 0 ? [heading('New findings'), textFindings(findings.new, terminal)] : []),
    ...(findings.gone.length > 0 ? [heading('Findings that are gone'), textFindings(findings.gone, terminal)] : []),
  ].join('\n\n');
}

function changeText(change: TrafficChange, terminal: Terminal): string {
  const { risk, before, after, moves = [] } = change;
  const subject = subjectOf(change);
  return [
    `${terminal.style(risk.padEnd(6), STYLES[risk], 'bold')} ${terminal.style(plain`${placeOf(change)}`, 'bold')}: ${titleOf(change)}${subject === '' ? '' : plain`: ${subject}`}`,
    `  ${terminal.style('-', 'red')} ${plain`${before}`}`,
    `  ${terminal.style('+', 'green')} ${plain`${after}`}`,
    ...(moves.length > 0 ? [plain`  ${moves.map(describeMove).join(', ')}`] : []),
    `  ${terminal.style('callers:', 'dim')} ${plain`${callersText(change)}`}`,
  ].join('\n');
}
