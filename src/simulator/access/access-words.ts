import type { AccessVerdict } from './verdict';
import { describeRule } from './verdict';

/** The number of rules that do not match and are listed. */
const SHOWN = 20;

/** What access filters decide, in words, a line each. */
export function accessLines(who: string, { outcome, status, why, missed }: AccessVerdict): string[] {
  if (outcome === 'allowed' && why === '') return [];
  const verdict = `${who}: ${outcome}${status === undefined ? '' : ` with ${status}`}: ${why}`;
  const hidden = missed.length - SHOWN;
  return [
    verdict,
    ...missed.slice(0, SHOWN).map(rule => `${describeRule(rule)}: no, ${rule.why}`),
    ...(hidden > 0 ? [`... ${hidden} more rules that do not match`] : []),
  ];
}
