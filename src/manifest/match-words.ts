import type { Conditions, ConnectionTerm, MatchTerm, StringConditions } from './condition';
import { flagWords } from './istio-match';
import type { StringCondition } from './string-condition';
import type { ConditionShape, MatchField } from '../traffic/match-fields';
import { CONNECTION_MATCH_FIELDS, HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** A condition in words, one part per name. */
const WORDS: { readonly [S in ConditionShape]: (condition: Conditions[S]) => readonly string[] } = {
  'path': value => [stringWords(value)],
  'string-match': value => [stringWords(value)],
  'string-matches': value => nameWords(value, 'present'),
  'absences': value => nameWords(value, ''),
  'claims': value => nameWords(value, 'present'),
  'claim-absences': value => nameWords(value, ''),
  'port': value => [String(value)],
  'string': value => [value],
  'labels': value => [Object.entries(value).map(([name, label]) => `${name}=${label}`).join(', ')],
  'host-names': value => [value.join(', ')],
  'subnets': value => [value.join(', ')],
};

/** Which requests a term matches, in words. Empty if it matches every request. */
export function matchWords(term: MatchTerm): string[] {
  return wordsOf(HTTP_MATCH_FIELDS, term);
}

/** Which connections a term matches, in words. Empty if it matches every connection. */
export function connectionWords(term: ConnectionTerm): string[] {
  return wordsOf(CONNECTION_MATCH_FIELDS, term);
}

function wordsOf(table: { readonly [field: string]: MatchField }, term: { readonly [field: string]: unknown }): string[] {
  return Object.entries(table).flatMap(([field, { shape, words }]) => {
    const condition = term[field];
    if (condition === undefined || !(shape in WORDS)) return [];
    const parts: (of: never) => readonly string[] = WORDS[shape as ConditionShape];
    return parts(condition as never).map(part => [words, part, ...flagWords(field, condition)].join(' '));
  });
}

/** A condition on a string, such as `/items*` for a prefix. */
export function stringWords({ exact, prefix, regex }: StringCondition, present = 'present'): string {
  if (exact !== undefined) return exact === '' ? 'empty' : exact;
  if (prefix !== undefined) return `${prefix}*`;
  return regex === undefined ? present : `matching ${regex}`;
}

function nameWords(conditions: StringConditions, present: string): string[] {
  return Object.entries(conditions).map(([name, condition]) => `${name} ${stringWords(condition, present)}`.trimEnd());
}
