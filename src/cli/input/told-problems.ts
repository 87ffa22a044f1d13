import type { Environment } from './environment';
import { describeProblem } from '../../manifest/manifest-problem';
import { shown } from '../shown';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** Refuses an input without a single object, of which nothing can be said; what cannot be read is told elsewhere. */
export function requireObjects(environments: readonly Environment[], terminal: Terminal): void {
  if (environments.some(({ objects, problems }) => objects.length > 0 || brokenOf(problems).length > 0)) return;
  for (const { problems } of environments) tellLeftOut(problems, terminal);
  throw new UsageError('there is no object of Kubernetes in the input; name files or folders with manifests');
}

/**
 * Refuses manifests that cannot be read, as whatever is said of the others could be wrong. Files of other tools, which are no objects of
 * Kubernetes at all, are left out and told.
 */
export function requireReadable({ problems, notes, objects }: Environment, terminal: Terminal): void {
  const broken = brokenOf(problems);
  if (broken.length > 0) throw new UsageError(...shown(broken.map(describeProblem)));
  tellLeftOut(problems, terminal);
  for (const note of notes) terminal.say(`note: ${note}`);
  if (objects.length === 0) terminal.say('note: there is no object of Kubernetes in the input');
}

function brokenOf(problems: Environment['problems']): Environment['problems'] {
  return problems.filter(({ foreign }) => !foreign);
}

function tellLeftOut(problems: Environment['problems'], terminal: Terminal): void {
  for (const text of shown(problems.map(describeProblem))) terminal.say(`left out: ${text}`);
}
