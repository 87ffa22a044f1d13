import type { Environment } from './environment';
import { shown } from './shown';
import { describeProblem } from '../../manifest/manifest-problem';
import { plainText } from '../plain-text';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/**
 * Refuses manifests that cannot be read, as whatever is said of the others could be wrong. Files of other tools, which are no objects of
 * Kubernetes at all, are left out and told.
 */
export function requireReadable({ problems, notes, objects }: Environment, terminal: Terminal): void {
  const broken = problems.filter(({ foreign }) => !foreign);
  if (broken.length > 0) throw new UsageError(shown(broken.map(describeProblem)).join('\n'));
  for (const text of shown(problems.map(describeProblem))) terminal.say(`left out: ${plainText(text)}`);
  for (const note of notes) terminal.say(`note: ${plainText(note)}`);
  if (objects.length === 0) terminal.say('note: there is no object of Kubernetes in the input');
}
