import type { RouteTerm } from './route-term';
import { matchWords } from '../manifest/match-words';

/** Which requests a route takes, in words. */
export function describeMatch({ term, rest }: RouteTerm): string {
  return [...matchWords(term), ...(rest === '' ? [] : [rest])].join(' and ') || 'every request';
}
