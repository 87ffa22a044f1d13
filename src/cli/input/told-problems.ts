import type { Environment } from './environment';
import { describeProblem } from '../../manifest/manifest-problem';
import { shown } from '../shown';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** Rejects an input without objects. Files that cannot be read are reported elsewhere. */
export function requireObjects(environments: readonly Environment[], terminal: Terminal): void {
  if (environments.some(({ objects, problems }) => objects.length > 0 || brokenOf(problems).length > 0)) return;
  for (const { problems } of environments) tellLeftOut(problems, terminal);
  throw new UsageError('the input holds no Kubernetes object; name files or folders with manifests');
}

/**
 * Rejects manifests that cannot be read, because any answer about the others could be wrong. Files of other tools, which hold no Kubernetes
 * objects, are skipped with a message.
 */
export function requireReadable({ problems, notes, objects }: Environment, terminal: Terminal): void {
  const broken = brokenOf(problems);
  if (broken.length > 0) throw new UsageError(...shown(broken.map(describeProblem)));
  tellLeftOut(problems, terminal);
  for (const note of notes) terminal.say(`note: ${note}`);
  if (objects.length === 0) terminal.say('note: the input holds no Kubernetes object');
}

function brokenOf(problems: Environment['problems']): Environment['problems'] {
  return problems.filter(({ foreign }) => !foreign);
}

function tellLeftOut(problems: Environment['problems'], terminal: Terminal): void {
  for (const text of shown(problems.map(describeProblem))) terminal.say(`skipped: ${text}`);
}
