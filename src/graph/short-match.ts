import type { RouteTerm } from '../diff/route-term';
import type { Conditions, StringConditions } from '../manifest/condition';
import type { StringCondition } from '../manifest/string-condition';
import type { ConditionShape, HttpConditionField } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** Longer conditions are cut in the picture. The routes of the node show them in full. */
const LONGEST = 40;

const SHORT: { readonly [S in ConditionShape]: (condition: Conditions[S]) => readonly string[] } = {
  'path': condition => [valueOf(condition)],
  'string-match': condition => [valueOf(condition)],
  'string-matches': named,
  'absences': condition => named(condition).map(text => `not ${text}`),
  'claims': condition => named(condition).map(text => `claim ${text}`),
  'claim-absences': condition => named(condition).map(text => `no claim ${text}`),
  'port': port => [String(port)],
  'string': value => [value],
  'labels': labels => Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  'host-names': names => names,
  'subnets': subnets => subnets,
};

/** The prefix before the names of a field. */
const MARKS: { readonly [F in HttpConditionField]?: string } = { queryParams: '?' };

/** A short condition: `/items*, x-cohort: internal`. Empty if every request meets it. */
export function shortMatch({ term, rest }: RouteTerm): string {
  const fields = Object.keys(HTTP_MATCH_FIELDS).filter((field): field is HttpConditionField => field in term);
  const stated = fields.flatMap(field => {
    const short: (condition: never) => readonly string[] = SHORT[HTTP_MATCH_FIELDS[field].shape];
    return short(term[field] as never).map(part => `${MARKS[field] ?? ''}${part}`);
  });
  const text = [...rest === '' ? [] : [rest], ...stated].join(', ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function named(conditions: StringConditions): string[] {
  return Object.entries(conditions).map(([name, condition]) => `${name}${valueOf(condition) === '' ? '' : `: ${valueOf(condition)}`}`);
}

function valueOf({ exact, prefix, regex }: StringCondition): string {
  return exact ?? (prefix === undefined ? regex === undefined ? '' : `~${regex}` : `${prefix}*`);
}
