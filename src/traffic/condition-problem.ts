import { cidrProblem } from './cidr';
import type { FieldOf, MatchField, MatchTable, Shape } from './match-fields';
import { hostProblem, labelsProblem, textProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';
import { stringMatchProblem } from './string-match';

/** What an author states for a field of each shape. */
export interface Stated {
  readonly 'path': StringMatch;
  readonly 'string-match': StringMatch;
  readonly 'string-matches': StatedMatches;
  readonly 'absences': StatedMatches;
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

/** Shapes that an author states: Gateways follow from the audiences, names from the construct. */
export type StatedShape = Exclude<Shape, 'gateways' | 'name'>;

/** What is wrong with a name of a map. */
export type NameProblem = (what: string, name: string) => Problem;

type Check<V> = (what: string, value: V, field: MatchField, nameProblem: NameProblem) => Problem;

const CHECKS: { readonly [S in StatedShape]: Check<Stated[S]> } = {
  'path': (what, value) => stringMatchProblem(what, value, { always: true }),
  'string-match': (what, value) => stringMatchProblem(what, value, { always: true }),
  'string-matches': matchesProblem,
  'absences': matchesProblem,
  'port': portProblem,
  'string': textProblem,
  'labels': labelsProblem,
  'host-names': (what, value) => listProblem(what, value, sniProblem),
  'subnets': (what, value) => listProblem(what, value, cidrProblem),
  'flag': (what, value) => (typeof value === 'boolean' ? undefined : `${what} is ${String(value)}; use true or false`),
};

/** The fields of a table that an author states. */
export function statedFields<T extends MatchTable>(table: T): readonly FieldOf<T, { readonly shape: StatedShape }>[] {
  return Object.keys(table).filter(field => table[field].shape in CHECKS) as FieldOf<T, { readonly shape: StatedShape }>[];
}

/** What is wrong with the value of a field, if anything. `nameProblem` checks the names of a map. */
export function conditionProblem(
  what: string, value: unknown, field: MatchField & { readonly shape: StatedShape }, nameProblem: NameProblem,
): Problem {
  const check: Check<never> = CHECKS[field.shape];
  return check(what, value as never, field, nameProblem);
}

function matchesProblem(what: string, matches: StatedMatches, { caseless }: MatchField, nameProblem: NameProblem): Problem {
  if (matches === null) return `${what} is null; state the conditions by name, or leave it out`;
  const names = Object.keys(matches);
  const twice = names.length > 1 && caseless ? spelledTwice(names) : undefined;
  if (twice !== undefined) return `${what} names '${twice}' twice, in two spellings; header names have no case, state it once`;
  for (const name of names) {
    const problem = nameProblem(what, name) ?? stringMatchProblem(`${what}['${name}']`, matches[name]);
    if (problem) return problem;
  }
  return undefined;
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
  if (!Array.isArray(values)) return `${what} is ${String(values)}; state a list`;
  if (values.length === 0) return `${what} is an empty list, of which no alternative can hold; state one, or leave it out`;
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) return `${what} names '${twice}' twice; state each once`;
  return values.map(value => problem(what, value)).find(found => found !== undefined);
}

function sniProblem(what: string, value: string): Problem {
  return value === '*' ? `${what} '*' is every name there is; name hosts, or leave it out` : hostProblem(what, value, { wildcard: true });
}
