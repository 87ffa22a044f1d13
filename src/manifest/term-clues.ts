import type { Clue, Fact } from './clue-index';
import type { Conditions, MatchTerm, StringConditions } from './condition';
import { COOKIE, cookieRegex } from './cookie-regex';
import { TERM_FIELDS } from './match-algebra';
import type { PathCondition, StringCondition } from './string-condition';
import { isAnyPath, isPresence } from './string-condition';
import type { ConditionShape, HttpConditionField } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';
import { literalPrefix } from '../traffic/re2';

/** The shapes of the conditions of a term. */
type TermShape = (typeof HTTP_MATCH_FIELDS)[HttpConditionField]['shape'] & ConditionShape;

/** What a condition requires of all terms within it, and what a term with the condition provides. */
interface Trace<C> {
  asks(place: string, condition: C): readonly (readonly Clue[])[];
  tells(place: string, condition: C): readonly Fact[];
}

const TRACES: { readonly [S in TermShape]: Trace<Conditions[S]> } = {
  'path': {
    asks: (place, path) => (isAnyPath(path) ? [] : ignoresCase(path) ? stringAsks(caseless(place), lower(path)) : stringAsks(place, path)),
    tells: (place, path) => [...ignoresCase(path) ? [] : stringTells(place, path), ...stringTells(caseless(place), lower(path))],
  },
  'string-match': { asks: stringAsks, tells: stringTells },
  'string-matches': { asks: namedAsks, tells: namedTells },
  'absences': { asks: absenceAsks, tells: absenceTells },
  'claims': { asks: namedAsks, tells: namedTells },
  'claim-absences': { asks: absenceAsks, tells: absenceTells },
  'port': { asks: (place, port) => [[equal(place, String(port))]], tells: (place, port) => [equal(place, String(port))] },
  'string': { asks: (place, value) => [[equal(place, value)]], tells: (place, value) => [equal(place, value)] },
  'labels': { asks: (place, labels) => labelsAt(place, labels).map(label => [label]), tells: labelsAt },
};

/** What a term requires of every term within it: at least one clue of each list. */
export function cluesOf(term: MatchTerm): readonly (readonly Clue[])[] {
  return TERM_FIELDS.flatMap(field => (term[field] === undefined ? [] : traceOf(field).asks(field, term[field])));
}

/** The facts of a term, which lead to the terms that may contain it. */
export function factsOf(term: MatchTerm): readonly Fact[] {
  return TERM_FIELDS.flatMap(field => {
    const facts = HTTP_MATCH_FIELDS[field];
    const own = term[field] === undefined ? [] : traceOf(field).tells(field, term[field]);
    // Another term may require the absence of a present header.
    const there = facts.shape === 'absences' && term[facts.of] !== undefined ? traceOf(field).tells(field, withCookies(term)) : [];
    return [...own, ...there, ...field === 'cookies' && term.cookies ? cookieHeader(term.cookies) : []];
  });
}

/** The clues of a field's conditions, according to its shape. */
function traceOf(field: HttpConditionField): Trace<unknown> {
  return TRACES[HTTP_MATCH_FIELDS[field].shape] as Trace<unknown>;
}

function withCookies({ headers = {}, cookies }: MatchTerm): StringConditions {
  return cookies ? { [COOKIE]: {}, ...headers } : headers;
}

function cookieHeader(cookies: StringConditions): readonly Fact[] {
  return TRACES['string-matches'].tells('headers', { [COOKIE]: { regex: cookieRegex(cookies) } });
}

function namedAsks(place: string, conditions: StringConditions): readonly (readonly Clue[])[] {
  return Object.entries(conditions).flatMap(([name, condition]) => {
    const named = nameOf(place, name);
    const asked = stringAsks(named, condition);
    return asked.length > 0 ? asked : [[isThere(named)]];
  });
}

function namedTells(place: string, conditions: StringConditions): readonly Fact[] {
  return Object.entries(conditions).flatMap(([name, condition]) => (
    [isThere(nameOf(place, name)), ...stringTells(nameOf(place, name), condition)]));
}

function absenceAsks(place: string, conditions: StringConditions): readonly (readonly Clue[])[] {
  return absenceTells(place, conditions).map(fact => [fact]);
}

function absenceTells(place: string, conditions: StringConditions): readonly Clue[] {
  return Object.keys(conditions).map(name => isThere(nameOf(place, name)));
}

function stringAsks(place: string, condition: StringCondition): readonly (readonly Clue[])[] {
  const { exact, prefix, regex } = condition;
  if (isPresence(condition)) return [];
  if (exact !== undefined) return [[equal(place, exact)]];
  if (prefix !== undefined) return [[{ place, is: 'prefix', value: prefix }]];
  // The same regex is within it, and so is an exact string that it matches.
  return [[equal(regexAt(place), regex!), { place: regexAt(place), is: 'prefix', value: literalPrefix(regex!) }]];
}

function stringTells(place: string, { exact, prefix, regex }: StringCondition): readonly Fact[] {
  if (exact !== undefined) {
    return [equal(place, exact), { place, is: 'prefix', value: exact }, { place: regexAt(place), is: 'prefix', value: exact }];
  }
  if (prefix !== undefined) return [{ place, is: 'prefix', value: prefix }];
  return regex === undefined ? [] : [equal(regexAt(place), regex)];
}

function equal(place: string, value: string): Clue {
  return { place, is: 'equal', value };
}

function isThere(place: string): Clue {
  return equal(`${place}?`, '');
}

function labelsAt(place: string, labels: Conditions['labels']): readonly Clue[] {
  return Object.entries(labels).map(([name, value]) => equal(nameOf(place, name), value));
}

function nameOf(place: string, name: string): string {
  return `${place}/${name}`;
}

function regexAt(place: string): string {
  return `${place}~`;
}

function caseless(place: string): string {
  return `${place} in any case`;
}

function ignoresCase({ ignoreCase, regex }: PathCondition): boolean {
  return ignoreCase === true && regex === undefined;
}

function lower({ exact, prefix, regex }: PathCondition): StringCondition {
  return { exact: exact?.toLowerCase(), prefix: prefix?.toLowerCase(), regex };
}
