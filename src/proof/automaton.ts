/** What is known of all continuations: none is accepted. */
export const DEAD = -1;
/** What is known of all continuations: each is accepted. */
export const ALL = -2;

/** The characters that proofs cover: printable ASCII. Values in other characters are outside of what is proven. */
export const FIRST_CHARACTER = 0x20;
export const LAST_CHARACTER = 0x7e;
export const CHARACTERS = 128;

/** A deterministic automaton over characters. Its states are numbers, made when they are first reached. */
export interface Automaton {
  readonly start: number;
  /** The characters from which on it may behave differently than for the character before. */
  readonly boundaries: ReadonlySet<number>;
  /** The state after a character; states are never `DEAD` or `ALL` when asked. */
  step(state: number, character: number): number;
  accepts(state: number): boolean;
}

/** Whether the automaton accepts a string. */
export function runs(automaton: Automaton, text: string): boolean {
  let state = automaton.start;
  for (let i = 0; i < text.length && state >= 0; i++) state = automaton.step(state, text.charCodeAt(i));
  return isAccepting(automaton, state);
}

export function isAccepting(automaton: Automaton, state: number): boolean {
  return state === ALL || (state !== DEAD && automaton.accepts(state));
}

/** The boundaries of single characters. */
export function boundariesOf(text: string, ignoreCase: boolean): Set<number> {
  const boundaries = new Set<number>();
  for (const form of ignoreCase ? [text.toLowerCase(), text.toUpperCase()] : [text]) {
    for (let i = 0; i < form.length; i++) boundaries.add(form.charCodeAt(i)).add(form.charCodeAt(i) + 1);
  }
  return boundaries;
}

function lowered(character: number): number {
  return character >= 0x41 && character <= 0x5a ? character + 0x20 : character;
}

function charactersOf(text: string, ignoreCase: boolean): number[] {
  return Array.from(text, (_, i) => (ignoreCase ? lowered(text.charCodeAt(i)) : text.charCodeAt(i)));
}

/** What begins with a string; `after` says which continuations count: none, all, or those that begin with a slash. */
export function startAutomaton(text: string, after: 'nothing' | 'all' | 'slash', ignoreCase: boolean): Automaton {
  const wanted = charactersOf(text, ignoreCase);
  const boundaries = boundariesOf(after === 'slash' ? `${text}/` : text, ignoreCase);
  const at = (n: number) => (n === wanted.length && after === 'all' ? ALL : n);
  return {
    start: at(0),
    step: (state, character) => {
      if (state === wanted.length) return after === 'slash' && character === 0x2f ? ALL : DEAD;
      return wanted[state] === (ignoreCase ? lowered(character) : character) ? at(state + 1) : DEAD;
    },
    accepts: state => state === wanted.length,
    boundaries,
  };
}

/** What ends in a string, or contains it. */
export function partAutomaton(text: string, where: 'end' | 'anywhere', ignoreCase: boolean): Automaton {
  const wanted = charactersOf(text, ignoreCase);
  const fallback = fallbacks(wanted);
  const at = (n: number) => (n === wanted.length && where === 'anywhere' ? ALL : n);
  return {
    start: at(0),
    step: (state, character) => {
      const read = ignoreCase ? lowered(character) : character;
      let n = state;
      while (n > 0 && wanted[n] !== read) n = fallback[n - 1];
      return at(wanted[n] === read ? n + 1 : n);
    },
    accepts: state => state === wanted.length,
    boundaries: boundariesOf(text, ignoreCase),
  };
}

/** For each part that is read, the length of its longest end that is a beginning too, after Knuth, Morris and Pratt. */
function fallbacks(wanted: readonly number[]): number[] {
  const result = wanted.map(() => 0);
  for (let i = 1, n = 0; i < wanted.length; i++) {
    while (n > 0 && wanted[i] !== wanted[n]) n = result[n - 1];
    if (wanted[i] === wanted[n]) n++;
    result[i] = n;
  }
  return result;
}
