import { withFacts } from '../../cluster/cluster-facts';
import { Edge } from '../../edge/edge';
import type { NotJudged } from '../../edge/not-judged';
import type { Arguments } from '../arguments';
import { meshConfigOf } from '../input/cluster-settings';
import type { Environment } from '../input/environment';

/** What the analysis tells elsewhere: as a finding, and as a note on the input. */
const TOLD: ReadonlySet<string> = new Set(['unknown kind', 'missing namespace']);

/** What the analysis does not judge of some environments, an entry for each kind. */
export function notJudgedIn(environments: readonly Environment[], given: Arguments): readonly NotJudged[] {
  const entries = new Map<string, NotJudged>();
  for (const environment of environments) {
    const objects = withFacts(environment.objects, environment.facts);
    for (const entry of new Edge(objects, { meshConfig: meshConfigOf(environment, given) }).all) {
      if (TOLD.has(entry.what)) continue;
      const key = `${entry.what}: ${entry.changes}`;
      const others = entries.get(key)?.objects ?? [];
      entries.set(key, { ...entry, objects: [...new Set([...others, ...entry.objects])] });
    }
  }
  return [...entries.values()];
}
