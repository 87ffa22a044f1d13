import type { ResultRecord } from './result-record';
import { describeWitness, reasonsOf } from '../../invariants/result-words';
import { githubCommand } from '../github-command';

const LEVELS = { 'does not hold': 'error', 'not decided': 'warning' } as const;

/** Results as GitHub workflow commands, which become annotations of the invariants. Invariants that hold need none. */
export function githubResults(results: readonly ResultRecord[]): string[] {
  return results.flatMap(result => {
    const { outcome, name, expected, witness, file, line } = result;
    if (outcome === 'holds') return [];
    const why = outcome === 'does not hold' && witness ? `broken by ${describeWitness(witness)}` : reasonsOf(result).join('; ');
    return [githubCommand(LEVELS[outcome], { file, line, title: `${outcome}: ${name}` }, `expected ${expected}; ${why}`)];
  });
}
