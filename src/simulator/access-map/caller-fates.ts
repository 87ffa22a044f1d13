import { DECIDES } from '../access/access-filters';
import type { AccessVerdict } from '../access/verdict';
import type { WordedRequests } from '../access-changes/request-words';
import type { TriedCall, TriedCalls } from '../access-changes/tried-calls';

/** What becomes of some requests of callers that access policies treat alike. */
export interface CallerFate extends WordedRequests {
  readonly callers: readonly string[];
  readonly fate: 'allowed' | 'refused' | 'undecided';
  /** Whether these are all requests of the callers. */
  readonly areAll: boolean;
  /** What refuses the requests, or why that is not known, such as `denied by default`. Empty for allowed requests. */
  readonly why: string;
}

/** No ALLOW policy takes the requests. */
export const BY_DEFAULT = 'denied by default';

const NO_RULE = 'no ALLOW policy matches';

/** Tries calls, and says what becomes of those of each caller. */
export function callerFates({ calls, words }: TriedCalls, verdictOf: (call: TriedCall) => AccessVerdict): readonly CallerFate[] {
  const groups = new Map<string, Pick<CallerFate, 'callers' | 'fate' | 'why'> & { readonly combinations: Set<number> }>();
  for (const call of calls) {
    const fate = fateOf(verdictOf(call));
    const key = JSON.stringify([call.names[0], fate]);
    const group = groups.get(key) ?? { ...fate, callers: call.names, combinations: new Set<number>() };
    groups.set(key, group);
    group.combinations.add(call.combination);
  }
  return [...groups.values()].map(({ combinations, ...group }) => (
    { ...group, ...words.of(combinations), areAll: combinations.size === words.size }));
}

function fateOf({ outcome, by, why }: AccessVerdict): Pick<CallerFate, 'fate' | 'why'> {
  if (outcome === 'allowed') return { fate: 'allowed', why: '' };
  if (outcome === 'undecided') return { fate: 'undecided', why: why === DECIDES ? 'asks an external authorizer' : why };
  return { fate: 'refused', why: by ? `denied by ${by.policy}` : why === NO_RULE ? BY_DEFAULT : `${outcome}: ${why}` };
}
