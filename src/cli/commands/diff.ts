import { CallerWords } from '../../diff/caller-words';
import { compareFindings } from '../../diff/compare-findings';
import { rolloutProblems } from '../../diff/rollout';
import { callersOfBoth, diffTraffic } from '../../diff/traffic-diff';
import { unreadDifferences } from '../../edge/unread-differences';
import { compareAccess } from '../../simulator/access-changes/compare-access';
import { JudgedPolicies } from '../../simulator/access-changes/judged-policies';
import type { Arguments } from '../arguments';
import type { Comparison } from '../diff/comparison';
import { markdownDiff } from '../diff/markdown-diff';
import { textDiff } from '../diff/text-diff';
import { findIn } from '../findings/find';
import type { FindingRecord } from '../findings/finding-record';
import { KINDS_MISSING } from '../findings/finding-record';
import type { Environment } from '../input/environment';
import { readEnvironments } from '../input/environment';
import { requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { separated, styled } from '../line';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** One side, with its findings. */
interface Judged extends Environment {
  readonly findings: readonly FindingRecord[];
}

export async function diffCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const [oldPath, newPath] = given.operands;
  if (oldPath === '-' && newPath === '-') throw new UsageError('standard input can be OLD or NEW, not both');
  const known = new Map();
  const read = async (path: string) => (await readEnvironments([path], given, known)).map((environment): Judged => {
    requireReadable(environment, terminal);
    // Find before the other side is read: a document in both sides is parsed once, and its place is the one that was read last.
    return { ...environment, findings: findIn(environment, given) };
  });
  const comparisons = pairs(await read(oldPath), await read(newPath)).map(([old, now]) => compare(old, now, given, terminal));
  write(comparisons, given, terminal);
  const changes = comparisons.reduce((sum, c) => sum + c.changes.length + c.access.length, 0);
  const isJudged = comparisons.every(({ notJudged }) => notJudged.length === 0);
  const verdict = changes === 0 ? 'the same traffic' : `${changes} ${changes === 1 ? 'change' : 'changes'} for traffic`;
  terminal.say(`${verdict}${isJudged ? '' : `${changes === 0 ? ', except for' : ', besides'} what is not judged`}`);
  return changes > 0 || (given.is('strict') && !isJudged) ? 1 : 0;
}

/** Pairs environments of the same name. One that the other side lacks is compared with an empty one. */
function pairs(old: readonly Judged[], now: readonly Judged[]): (readonly [Judged, Judged])[] {
  const names = [...new Set([...old, ...now].map(({ name }) => name))].sort();
  const nothing = { objects: [], problems: [], notes: [], facts: [...old, ...now][0].facts, findings: [] };
  const find = (all: readonly Judged[], name: string | undefined): Judged => all.find(e => e.name === name) ?? { name, ...nothing };
  return names.map(name => [find(old, name), find(now, name)]);
}

function compare(old: Judged, now: Judged, given: Arguments, terminal: Terminal): Comparison {
  const sideOf = (environment: Environment) => translationOf(environment, given);
  const [before, after] = [sideOf(old), sideOf(now)];
  const isComplete = before.edge.isComplete && after.edge.isComplete;
  const classes = callersOfBoth(before, after, given.get('namespace'), isComplete);
  const callerWords = new CallerWords(classes.flatMap(({ members }) => members));
  const gateways = classes.flatMap(({ members }) => members.filter(({ type }) => type === 'gateway'));
  const access = compareAccess(before, after, gateways);
  const judged = new JudgedPolicies(before, after, access.places);
  const changes = diffTraffic(before, after, classes, (done, all) => terminal.progress('callers compared', done, all));
  return {
    ...(now.name === undefined ? {} : { environment: now.name }),
    changes,
    access: access.changes,
    callerWords,
    rollout: given.is('rollout') ? rolloutProblems(before, after, objects => sideOf({ ...now, objects }), classes) : [],
    notJudged: unreadDifferences(before.edge, after.edge, item => judged.has(item)),
    findings: compareFindings(aboutObjects(old), aboutObjects(now)),
  };
}

/** The findings of a side about its objects, without the kinds that the input lacks. */
function aboutObjects({ findings }: Judged): readonly FindingRecord[] {
  return findings.filter(({ rule }) => rule !== KINDS_MISSING);
}

function write(comparisons: readonly Comparison[], given: Arguments, terminal: Terminal): void {
  const format = given.get('format');
  if (format === 'markdown') {
    terminal.print(markdownDiff(comparisons).split('\n'));
  } else if (format === 'json') {
    const records = comparisons.map(({ callerWords: _, ...record }) => record);
    terminal.printJson(given.is('each') ? { environments: records } : records[0]);
  } else {
    for (const comparison of comparisons) {
      const blocks = textDiff(comparison);
      if (blocks.length === 0) continue;
      if (comparison.environment !== undefined) terminal.print([[styled(`== ${comparison.environment}`, 'bold')]]);
      terminal.print(separated(blocks));
    }
  }
}
