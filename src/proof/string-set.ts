import type { Automaton } from './automaton';
import { DEAD, FIRST_CHARACTER, isAccepting, LAST_CHARACTER, partAutomaton, runs, startAutomaton } from './automaton';
import { regexAutomaton } from './regex-automaton';
import type { StringMatcher } from '../envoy/xds/matcher';
import { re2Matches, re2Problem } from '../traffic/re2';

/** A set of strings, as a condition of Envoy states it. */
export interface StringSet {
  /** Equal for conditions that are written alike. */
  readonly key: string;
  /** The only member, where there is one alone. */
  readonly only?: string;
  /** What every member begins with. */
  readonly start: string;
  /** Members that are easy to read, if there are any; not all of what this names is one. */
  readonly examples: readonly string[];
  readonly automaton: Automaton;
  has(text: string): boolean;
}

function folded(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.toLowerCase() : text;
}

export function exactly(text: string, ignoreCase = false): StringSet {
  const wanted = folded(text, ignoreCase);
  return lazily({
    key: `exact${ignoreCase ? ' in any case' : ''} ${wanted}`,
    has: other => folded(other, ignoreCase) === wanted,
    ...(ignoreCase && text.toLowerCase() !== text.toUpperCase() ? {} : { only: text }),
    start: ignoreCase ? caselessStart(text) : text,
    examples: [text],
  }, () => startAutomaton(text, 'nothing', ignoreCase));
}

export function beginning(text: string, ignoreCase = false): StringSet {
  const wanted = folded(text, ignoreCase);
  return lazily({
    key: `prefix${ignoreCase ? ' in any case' : ''} ${wanted}`,
    has: other => folded(other.slice(0, text.length), ignoreCase) === wanted,
    start: ignoreCase ? caselessStart(text) : text,
    examples: [text, `${text}x`, `${text}/x`],
  }, () => startAutomaton(text, 'all', ignoreCase));
}

/** A path, and what is below it. */
export function atOrBelow(path: string, ignoreCase = false): StringSet {
  const wanted = folded(path, ignoreCase);
  return lazily({
    key: `path${ignoreCase ? ' in any case' : ''} ${wanted}`,
    has: other => folded(other.slice(0, path.length), ignoreCase) === wanted && (other.length === path.length || other[path.length] === '/'),
    start: ignoreCase ? caselessStart(path) : path,
    examples: [path, `${path}/x`],
  }, () => startAutomaton(path, 'slash', ignoreCase));
}

export function ending(text: string, ignoreCase = false): StringSet {
  const wanted = folded(text, ignoreCase);
  return lazily({
    key: `suffix${ignoreCase ? ' in any case' : ''} ${wanted}`,
    has: other => folded(other, ignoreCase).endsWith(wanted),
    start: '',
    examples: [text, `x${text}`, `/${text}`],
  }, () => partAutomaton(text, 'end', ignoreCase));
}

export function holding(text: string, ignoreCase = false): StringSet {
  const wanted = folded(text, ignoreCase);
  return lazily({
    key: `contains${ignoreCase ? ' in any case' : ''} ${wanted}`,
    has: other => folded(other, ignoreCase).includes(wanted),
    start: '',
    examples: [text, `x${text}x`, `/${text}`],
  }, () => partAutomaton(text, 'anywhere', ignoreCase));
}

/** What a regex of RE2 matches as a whole; undefined where Envoy would refuse it, or where it has no automaton. */
export function matching(regex: string): StringSet | undefined {
  return re2Problem('a condition', regex) === undefined ? regexSet(regex) : undefined;
}

/** As {@link matching}, for regexes of any length that are known to be valid. */
export function regexSet(regex: string): StringSet | undefined {
  const automaton = regexAutomaton(regex);
  if (automaton === undefined) return undefined;
  let start: string | undefined;
  return {
    key: `regex ${regex}`,
    has: text => (/^[\x20-\x7e]*$/.test(text) ? runs(automaton, text) : re2Matches(regex, text)),
    get start() {
      return start ??= commonStart(automaton);
    },
    examples: [],
    automaton,
  };
}

/** Envoy's StringMatcher; undefined for one that is not understood. */
export function stringSetOf(matcher: StringMatcher): StringSet | undefined {
  const { exact, prefix, suffix, contains, safeRegex, ignoreCase = false, ...others } = matcher;
  if (Object.keys(others).length > 0) return undefined;
  if (exact !== undefined) return exactly(exact, ignoreCase);
  if (prefix !== undefined) return beginning(prefix, ignoreCase);
  if (suffix !== undefined) return ending(suffix, ignoreCase);
  if (contains !== undefined) return holding(contains, ignoreCase);
  return safeRegex === undefined ? undefined : matching(safeRegex.regex);
}

function lazily(set: Omit<StringSet, 'automaton'>, make: () => Automaton): StringSet {
  let automaton: Automaton | undefined;
  return {
    ...set,
    get automaton() {
      return automaton ??= make();
    },
  };
}

/** A start that is the same in any case. */
function caselessStart(text: string): string {
  return /^[^a-z]*/i.exec(text)![0];
}

/** The longest text that all members begin with, as far as single characters lead on. */
function commonStart(automaton: Automaton): string {
  let [state, start] = [automaton.start, ''];
  while (state >= 0 && !isAccepting(automaton, state) && start.length < 256) {
    const ways: { readonly character: number; readonly to: number }[] = [];
    for (let character = FIRST_CHARACTER; character <= LAST_CHARACTER && ways.length < 2; character++) {
      const to = automaton.step(state, character);
      if (to !== DEAD) ways.push({ character, to });
    }
    if (ways.length !== 1) break;
    start += String.fromCharCode(ways[0].character);
    state = ways[0].to;
  }
  return start;
}
