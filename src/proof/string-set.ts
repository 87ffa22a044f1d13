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

/** A set that one text states. Virtual hosts hold thousands of them, so that they are small. */
abstract class TextSet implements StringSet {
  public readonly key: string;
  protected readonly wanted: string;
  private made?: Automaton;

  constructor(kind: string, protected readonly text: string, protected readonly ignoreCase: boolean) {
    this.wanted = folded(text, ignoreCase);
    this.key = ignoreCase ? `${kind} in any case ${this.wanted}` : `${kind} ${text}`;
  }

  public get start(): string {
    return this.ignoreCase ? caselessStart(this.text) : this.text;
  }

  public get automaton(): Automaton {
    return this.made ??= this.make();
  }

  public abstract get examples(): readonly string[];
  public abstract has(text: string): boolean;
  protected abstract make(): Automaton;
}

class ExactSet extends TextSet {
  public readonly only?: string;

  constructor(text: string, ignoreCase: boolean) {
    super('exact', text, ignoreCase);
    if (!ignoreCase || text.toLowerCase() === text.toUpperCase()) this.only = text;
  }

  public get examples(): readonly string[] {
    return [this.text];
  }

  public has(text: string): boolean {
    return folded(text, this.ignoreCase) === this.wanted;
  }

  protected make(): Automaton {
    return startAutomaton(this.text, 'nothing', this.ignoreCase);
  }
}

class StartSet extends TextSet {
  constructor(text: string, ignoreCase: boolean, private readonly isSegment: boolean) {
    super(isSegment ? 'path' : 'prefix', text, ignoreCase);
  }

  public get examples(): readonly string[] {
    return this.isSegment ? [this.text, `${this.text}/x`] : [this.text, `${this.text}x`, `${this.text}/x`];
  }

  public has(text: string): boolean {
    const { length } = this.text;
    if (this.isSegment && text.length !== length && text[length] !== '/') return false;
    return this.ignoreCase ? folded(text.slice(0, length), true) === this.wanted : text.startsWith(this.text);
  }

  protected make(): Automaton {
    return startAutomaton(this.text, this.isSegment ? 'slash' : 'all', this.ignoreCase);
  }
}

class PartSet extends TextSet {
  constructor(text: string, ignoreCase: boolean, private readonly where: 'end' | 'anywhere') {
    super(where === 'end' ? 'suffix' : 'contains', text, ignoreCase);
  }

  public override get start(): string {
    return '';
  }

  public get examples(): readonly string[] {
    return [this.text, `x${this.text}`, `/${this.text}`];
  }

  public has(text: string): boolean {
    const read = folded(text, this.ignoreCase);
    return this.where === 'end' ? read.endsWith(this.wanted) : read.includes(this.wanted);
  }

  protected make(): Automaton {
    return partAutomaton(this.text, this.where, this.ignoreCase);
  }
}

export function exactly(text: string, ignoreCase = false): StringSet {
  return new ExactSet(text, ignoreCase);
}

export function beginning(text: string, ignoreCase = false): StringSet {
  return new StartSet(text, ignoreCase, false);
}

/** A path, and what is below it. */
export function atOrBelow(path: string, ignoreCase = false): StringSet {
  return new StartSet(path, ignoreCase, true);
}

export function ending(text: string, ignoreCase = false): StringSet {
  return new PartSet(text, ignoreCase, 'end');
}

export function holding(text: string, ignoreCase = false): StringSet {
  return new PartSet(text, ignoreCase, 'anywhere');
}

/** What a regex of RE2 matches as a whole; undefined where Envoy would refuse it, or where it has no automaton. */
export function matching(regex: string): StringSet | undefined {
  return re2Problem('a condition', regex) === undefined ? regexSet(regex) : undefined;
}

const KNOWN = new Map<string, StringSet | undefined>();
/** The number of regexes that are kept: the rules and the comparison of two sides read the same ones. */
const MOST_KEPT = 10_000;

/** As {@link matching}, for regexes of any length that are known to be valid. */
export function regexSet(regex: string): StringSet | undefined {
  const known = KNOWN.get(regex);
  if (known !== undefined || KNOWN.has(regex)) return known;
  if (KNOWN.size >= MOST_KEPT) KNOWN.clear();
  const set = newRegexSet(regex);
  KNOWN.set(regex, set);
  return set;
}

function newRegexSet(regex: string): StringSet | undefined {
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

/** What a regex of the program itself matches. Most programs use few of these sets, so each compiles at its first use. */
export function fixedSet(regex: string): StringSet {
  let made: StringSet | undefined;
  const set = () => made ??= regexSet(regex)!;
  return {
    key: `regex ${regex}`,
    has: text => set().has(text),
    get start() {
      return set().start;
    },
    examples: [],
    get automaton() {
      return set().automaton;
    },
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

/** A start that is the same in any case. */
function caselessStart(text: string): string {
  return /^[^a-z]*/i.exec(text)![0];
}

/** The longest text that all members begin with, as far as single characters lead on. */
function commonStart(automaton: Automaton): string {
  const classes = characterClasses(automaton.boundaries);
  let [state, start] = [automaton.start, ''];
  while (state >= 0 && !isAccepting(automaton, state) && start.length < 256) {
    let way: { readonly character: number; readonly to: number } | undefined;
    for (const { first, last } of classes) {
      const to = automaton.step(state, first);
      if (to === DEAD) continue;
      if (way !== undefined || first !== last) return start;
      way = { character: first, to };
    }
    if (way === undefined) break;
    start += String.fromCharCode(way.character);
    state = way.to;
  }
  return start;
}

/** The characters between which an automaton makes no difference. */
function characterClasses(boundaries: ReadonlySet<number>): { readonly first: number; readonly last: number }[] {
  const starts = [...new Set([FIRST_CHARACTER, ...boundaries])].filter(c => c >= FIRST_CHARACTER && c <= LAST_CHARACTER);
  starts.sort((a, b) => a - b);
  return starts.map((first, i) => ({ first, last: (starts[i + 1] ?? LAST_CHARACTER + 1) - 1 }));
}
