import { describeMove, placeOf, subjectOf, titleOf } from './change-text';
import type { Comparison } from './comparison';
import { markdownCode, markdownText } from './markdown-text';
import { notJudgedTexts } from './not-judged-text';
import { placeText } from '../../analysis/finding';
import type { CallerWords } from '../../diff/caller-words';
import type { Risk, TrafficChange } from '../../diff/change';
import { describeConnection, RISKS } from '../../diff/change';
import { describeExample } from '../../proof/example-request';
import type { AccessChange } from '../../simulator/access-changes/access-change';
import { accessChangeText, accessExampleText } from '../../simulator/access-changes/access-change';
import type { FindingRecord } from '../findings/finding-record';

/** The maximum length of a pull request comment, with some reserve. */
const LONGEST = 60_000;

/** What changes for traffic, as a pull request comment. */
export function markdownDiff(comparisons: readonly Comparison[]): string {
  const sections = comparisons.flatMap(comparison => section(comparison));
  const text = ['### Traffic', ...verdict(comparisons), ...sections].join('\n\n');
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, text.lastIndexOf('\n', LONGEST))}\n\n**The rest exceeds the size of a comment: run the command to see it.**`;
}

/** The sentence for all comparisons, if none of them shows other traffic. */
function verdict(comparisons: readonly Comparison[]): string[] {
  if (comparisons.some(({ changes, access }) => changes.length + access.length > 0)) return [];
  const isJudged = comparisons.every(({ notJudged }) => notJudged.length === 0);
  return [`The same traffic as before${isJudged ? '' : ', except for what is not judged'}.`];
}

function section({ environment, changes, access, callerWords, rollout, findings, notJudged }: Comparison): string[] {
  const parts = [
    ...(access.length > 0 ? ['**Who may call:**', access.map(accessItem).join('\n')] : []),
    ...(changes.length > 0 ? [changeTable(changes, callerWords)] : []),
    ...(notJudged.length > 0 ? ['**Not judged:**', notJudgedTexts(notJudged).map(text => `- ${markdownText(text)}`).join('\n')] : []),
    ...(rollout.length > 0 ? ['**During the rollout:**',
      rollout.map(({ message, repair }) => `- ${markdownText(message)}; ${markdownText(repair)}`).join('\n')] : []),
    ...findingList('New findings', findings.new),
    ...findingList('Findings that are gone', findings.gone),
  ];
  return environment === undefined || parts.length === 0 ? parts : [`#### ${markdownText(environment)}`, ...parts];
}

const SIGNS: { readonly [R in Risk]: string } = { high: '🔴 high', medium: '🟡 medium', low: '🟢 low' };

function changeTable(changes: readonly TrafficChange[], words: CallerWords): string {
  const counts = RISKS.map(risk => [risk, changes.filter(c => c.risk === risk).length] as const).filter(([, n]) => n > 0);
  return [
    `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}: ${counts.map(([risk, n]) => `${n} ${risk}`).join(', ')}`,
    '',
    '| risk | host | what | before | after | callers |',
    '|---|---|---|---|---|---|',
    ...changes.map(change => {
      const subject = subjectOf(change);
      const more = [
        ...(change.moves ?? []).map(describeMove),
        ...(change.example ? [`for example ${describeExample(change.example)}`] : []),
        ...(change.connection ? [`for example ${describeConnection(change.connection)}`] : []),
      ];
      const what = [`${titleOf(change)}${subject === '' ? '' : `: ${markdownText(subject)}`}`, ...more.map(markdownText)].join('<br>');
      const texts = [change.before, change.after, words.describe(change.callers)].map(markdownText);
      return `| ${[SIGNS[change.risk], markdownCode(placeOf(change)), what, ...texts].join(' | ')} |`;
    }),
  ].join('\n');
}

function accessItem(change: AccessChange): string {
  const { risk, before, after } = change;
  const parts = [`before: ${before}`, `after: ${after}`, accessExampleText(change) ?? []].flat();
  const text = `${markdownText(accessChangeText(change))} (${parts.map(markdownText).join('; ')})`;
  return `- ${SIGNS[risk]} ${markdownCode(placeOf(change))}: ${text}`;
}

function findingList(title: string, findings: readonly FindingRecord[]): string[] {
  if (findings.length === 0) return [];
  return [`**${title}:**`, findings.map(finding => {
    const place = placeText(finding);
    return `- ${finding.severity} ${markdownCode(finding.rule)} `
      + `${place === '' ? '' : `${markdownText(place)}: `}${markdownText(finding.message)}; ${markdownText(finding.repair)}`;
  }).join('\n')];
}
