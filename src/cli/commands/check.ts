import { notJudgedLine } from '../../edge/not-judged';
import type { Invariant } from '../../invariants/invariants-file';
import { loadInvariants, RefusedInvariants } from '../../invariants/invariants-file';
import { prove } from '../../invariants/prove';
import type { Arguments } from '../arguments';
import { githubResults } from '../check/github-results';
import type { ResultRecord } from '../check/result-record';
import { textResults } from '../check/text-results';
import { readEnvironments } from '../input/environment';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { separated } from '../line';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

export async function checkCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const [file, ...paths] = given.operands;
  const invariants = invariantsFrom(file);
  const environments = await readEnvironments(paths, given);
  requireObjects(environments, terminal);
  const results = environments.flatMap((environment): ResultRecord[] => {
    requireReadable(environment, terminal);
    const { name } = environment;
    const proven = prove(invariants, translationOf(environment, given));
    return proven.map(result => ({ ...(name !== undefined && { environment: name }), ...result }));
  });
  write(results, paths, given.get('format')!, terminal);
  const count = (outcome: ResultRecord['outcome']) => results.filter(result => result.outcome === outcome).length;
  const [held, broken, open] = [count('holds'), count('does not hold'), count('not decided')];
  const verb = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  terminal.say([
    verb(held, 'holds', 'hold'), verb(broken, 'does not hold', 'do not hold'), verb(open, 'is not decided', 'are not decided'),
  ].join(', '));
  return broken > 0 || (open > 0 && !given.is('allow-undecided')) ? 1 : 0;
}

function invariantsFrom(file: string): readonly Invariant[] {
  try {
    return loadInvariants(file);
  } catch (error) {
    if (error instanceof RefusedInvariants) throw new UsageError(error.message);
    throw error;
  }
}

function write(results: readonly ResultRecord[], paths: readonly string[], format: string, terminal: Terminal): void {
  if (format === 'json') terminal.printJson({ results });
  else if (format === 'github') terminal.printCommands(githubResults(results));
  else terminal.print(separated(textResults(results, paths)));
  const entries = new Set(results.flatMap(({ notJudged }) => notJudged.map(notJudgedLine)));
  for (const entry of entries) terminal.say(entry);
}
