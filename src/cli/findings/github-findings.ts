import type { FindingRecord } from './finding-record';
import type { NotJudged } from '../../edge/not-judged';
import { describeNotJudged } from '../../edge/not-judged';
import { resourceText } from '../../manifest/kubernetes-object';
import { githubCommand } from '../github-command';

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Findings as GitHub workflow commands, which become annotations of the lines. What is not judged becomes a notice of the whole run. */
export function githubFindings(findings: readonly FindingRecord[], notJudged: readonly NotJudged[]): string[] {
  const notices = notJudged.map(entry => githubCommand('notice', { title: 'not judged' }, describeNotJudged(entry)));
  return [...findings.map(findingCommand), ...notices];
}

function findingCommand({ severity, rule, codes, file, line, message, repair, resource }: FindingRecord): string {
  const place = resource ? `${resourceText(resource)}: ` : '';
  return githubCommand(LEVELS[severity], { file, line, title: [rule, ...codes].join(' ') }, `${place}${message}; ${repair}`);
}
