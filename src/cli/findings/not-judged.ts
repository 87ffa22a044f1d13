import { notJudgedOf } from '../../analysis/not-judged';
import type { NotJudged } from '../../edge/not-judged';
import type { Arguments } from '../arguments';
import { meshConfigOf } from '../input/cluster-settings';
import type { Environment } from '../input/environment';

/** What the analysis of some environments does not judge, one entry per kind. */
export function notJudgedIn(environments: readonly Environment[], given: Arguments): readonly NotJudged[] {
  const entries = new Map<string, NotJudged>();
  for (const environment of environments) {
    const { objects, facts } = environment;
    for (const entry of notJudgedOf(objects, { meshConfig: meshConfigOf(environment, given), facts })) {
      const key = `${entry.what}: ${entry.changes}`;
      const others = entries.get(key)?.objects ?? [];
      entries.set(key, { ...entry, objects: [...new Set([...others, ...entry.objects])] });
    }
  }
  return [...entries.values()];
}
