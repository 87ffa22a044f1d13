import type { MatchTerm } from './match-algebra';
import { areDisjoint, isAnyPath, isTermWithin } from './match-algebra';

/** Whether a term names a path, and takes every one. */
export function takesAnyPath({ uri }: MatchTerm): boolean {
  return uri !== undefined && (isAnyPath(uri) || uri.regex === '.*');
}

/** Whether every request of one term meets the other; a regex that cannot be read counts as unlike any other. */
export function isCovered(inner: MatchTerm, outer: MatchTerm): boolean {
  const { uri, ...rest } = outer;
  try {
    return isTermWithin(inner, takesAnyPath(outer) ? rest : outer);
  } catch {
    return false;
  }
}

/** Whether no request meets both. */
export function areApart(some: readonly MatchTerm[], others: readonly MatchTerm[]): boolean {
  try {
    return areDisjoint(some, others);
  } catch {
    return false;
  }
}
