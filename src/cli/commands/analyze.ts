import { AnalysisRun } from '../../analysis/analyze';
import type { Severity } from '../../analysis/finding';
import { SEVERITIES } from '../../analysis/finding';
import { RefusedSuppressions } from '../../analysis/refused-suppressions';
import { loadSuppressions } from '../../analysis/suppression-file';
import type { NotJudged } from '../../edge/not-judged';
import { notJudgedLine } from '../../edge/not-judged';
import type { Arguments } from '../arguments';
import { findIn } from '../findings/find';
import type { FindingRecord } from '../findings/finding-record';
import { recordOf } from '../findings/finding-record';
import { githubFindings } from '../findings/github-findings';
import { notJudgedIn } from '../findings/not-judged';
import { textReadiness } from '../findings/readiness-text';
import { sarifFindings } from '../findings/sarif-findings';
import { textFindings } from '../findings/text-findings';
import { readEnvironments } from '../input/environment';
import { requireObjects } from '../input/told-problems';
import { separated } from '../line';
import { packageFile } from '../package-file';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

export async function analyzeCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const environments = await readEnvironments(given.operands, given);
  requireObjects(environments, terminal);
  const run = new AnalysisRun(suppressionsFrom(given.get('config')));
  const found = environments.flatMap((environment, i) => {
    terminal.progress('environments analyzed', i, environments.length);
    for (const note of environment.notes) terminal.say(`note: ${note}`);
    return findIn(environment, given, run);
  });
  const findings = [...found, ...run.unused().map(finding => ({ ...recordOf(finding), file: given.get('config') }))];
  const notJudged = notJudgedIn(environments, given);
  if (given.get('target') !== undefined && given.get('format') === 'text') {
    terminal.print(separated(textReadiness(findings, environments)));
    for (const entry of notJudged) terminal.say(notJudgedLine(entry));
  } else {
    write(findings, notJudged, given.get('format')!, terminal);
  }
  terminal.say(summary(findings, environments.reduce((sum, { objects }) => sum + objects.length, 0)));
  const mildest = SEVERITIES.indexOf(given.get('fail-on') as Severity);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= mildest) ? 1 : 0;
}

function suppressionsFrom(file: string | undefined) {
  if (file === undefined) return [];
  try {
    return loadSuppressions(file);
  } catch (error) {
    if (error instanceof RefusedSuppressions) throw new UsageError(`--config: ${error.message}`);
    throw error;
  }
}

function write(findings: readonly FindingRecord[], notJudged: readonly NotJudged[], format: string, terminal: Terminal): void {
  if (format === 'json') terminal.printJson({ findings, notJudged });
  else if (format === 'sarif') terminal.printJson(sarifFindings(findings, notJudged, packageFile()));
  else if (format === 'github') terminal.printCommands(githubFindings(findings, notJudged));
  else terminal.print(separated(textFindings(findings)));
  for (const entry of notJudged) terminal.say(notJudgedLine(entry));
}

function summary(findings: readonly FindingRecord[], objects: number): string {
  const count = (severity: Severity) => findings.filter(finding => finding.severity === severity).length;
  const [errors, warnings, infos] = SEVERITIES.map(count);
  const read = objects === 0 ? 'the input holds no Kubernetes object' : plural(objects, 'object');
  return `${read}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}, ${infos} info`;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
