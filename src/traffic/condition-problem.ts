import { cidrProblem } from './cidr';
import type { FieldOf, MatchField, MatchTable, Shape } from './match-fields';
import { hostProblem, labelsProblem, stringProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';
import { stringMatchProblem } from './string-match';

/** The type that an author sets for a field of each shape. */
export interface Stated {
  readonly 'path': StringMatch;
  readonly 'string-match': StringMatch;
  readonly 'string-matches': StatedMatches;
  readonly 'absences': StatedMatches;
  readonly 'claims': StatedMatches;
  readonly 'claim-absences': StatedMatches;
  readonly 'port': number;
  readonly 'string': string;
  readonly 'labels': { readonly [key: string]: string };
  readonly 'host-names': readonly string[];
  readonly 'subnets': readonly string[];
  readonly 'flag': boolean;
}

interface StatedMatches {
  readonly [name: string]: StringMatch;
}

/** Shapes that an author sets. Gateways follow from the audiences, names from the construct. */
export type StatedShape = Exclude<Shape, 'gateways' | 'name'>;

/** A check of a name in a map. */
export type NameProblem = (what: string, name: string) => Problem;

type Check<V> = (what: string, value: V, field: MatchField, nameProblem: NameProblem) => Problem;

const CHECKS: { readonly [S in StatedShape]: Check<Stated[S]> } = {
  'path': (what, value) => stringMatchProblem(what, value, { always: true }),
  'string-match': (what, value) => stringMatchProblem(what, value, { always: true }),
  'string-matches': matchesProblem,
  'absences': matchesProblem,
  'claims': claimsProblem,
  'claim-absences': claimsProblem,
  'port': portProblem,
  'string': stringProblem,
  'labels': labelsProblem,
  'host-names': (what, value) => listProblem(what, value, sniProblem),
  'subnets': (what, value) => listProblem(what, value, cidrProblem),
  'flag': () => undefined,
};

/** The fields of a table that an author sets. */
export function statedFields<T extends MatchTable>(table: T): readonly FieldOf<T, { readonly shape: StatedShape }>[] {
  return Object.keys(table).filter(field => table[field].shape in CHECKS) as FieldOf<T, { readonly shape: StatedShape }>[];
}

/** The problem of the value of a field. `nameProblem` checks the names of a map. */
export function conditionProblem(
  what: string, value: unknown, field: MatchField & { readonly shape: StatedShape }, nameProblem: NameProblem,
): Problem {
  const check: Check<never> = CHECKS[field.shape];
  return check(what, value as never, field, nameProblem);
}

function matchesProblem(what: string, matches: StatedMatches, { caseless }: MatchField, nameProblem: NameProblem): Problem {
  if (matches === null) return `${what} is null; use an object of conditions by name, or omit it`;
  const names = Object.keys(matches);
  const twice = names.length > 1 && caseless ? spelledTwice(names) : undefined;
  if (twice !== undefined) return `${what} contains '${twice}' twice with different case; header names are case-insensitive, use it once`;
  for (const name of names) {
    const problem = nameProblem(what, name) ?? stringMatchProblem(`${what}['${name}']`, matches[name]);
    if (problem) return problem;
  }
  return undefined;
}

function claimsProblem(what: string, matches: StatedMatches, field: MatchField, nameProblem: NameProblem): Problem {
  const problem = matchesProblem(what, matches, field, nameProblem);
  const present = problem === undefined ? Object.keys(matches).find(name => matches[name].kind === 'present') : undefined;
  return present === undefined ? problem
    : `${what}['${present}'] is StringMatch.present(), which Envoy cannot compare with a claim; use StringMatch.regex('.*')`;
}

function spelledTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) return folded;
    seen.add(folded);
  }
  return undefined;
}

function listProblem(what: string, values: readonly string[], problem: NameProblem): Problem {
  if (!Array.isArray(values)) return `${what} is ${String(values)}; use a list`;
  if (values.length === 0) return `${what} is an empty list, which matches nothing; add a value, or omit it`;
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) return `${what} contains '${twice}' twice; use each value once`;
  return values.map(value => problem(what, value)).find(found => found !== undefined);
}

function sniProblem(what: string, value: string): Problem {
  return value === '*'
    ? `${what} '*' matches every server name; use specific names, or omit it`
    : hostProblem(what, value, { wildcard: true });
}
