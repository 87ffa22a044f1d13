import type { Automaton } from './automaton';
import { ALL, DEAD, FIRST_CHARACTER, isAccepting, LAST_CHARACTER } from './automaton';
import type { Budget } from './budget';
import type { StringSet } from './string-set';

/** A member of a set of strings, or that there is none, or that it is unknown. */
export type Member = { readonly is: string } | 'none' | 'not decided';

/** Strings that a field can hold at all, and some that are easy to read, the best first. */
export interface Domain {
  readonly set: StringSet;
  readonly examples: readonly string[];
  /** Strings that it can not hold. */
  readonly without?: readonly StringSet[];
}

/**
 * A string that is in all of some sets and in none of others. Most are found by trying what the sets themselves name; where none of these
 * is right, the automata of all sets are walked at once, to the shortest one.
 */
export function memberOf(domain: Domain, must: readonly StringSet[], excluded: readonly StringSet[], budget: Budget): Member {
  const not = domain.without ? [...domain.without, ...excluded] : excluded;
  budget.take(must.length + not.length);
  const isMember = (text: string) => domain.set.has(text) && must.every(set => set.has(text)) && !not.some(set => set.has(text));
  const only = must.find(set => set.only !== undefined)?.only;
  if (only !== undefined) return isMember(only) ? { is: only } : 'none';
  if (must.some(set => not.some(other => other.key === set.key))) return 'none';
  if (!areCompatible(must.map(set => set.start))) return 'none';
  for (const text of domain.examples) if (isMember(text)) return { is: text };
  const narrowest = must.length > 1 ? [...must].sort((a, b) => b.start.length - a.start.length) : must;
  for (const set of narrowest) for (const text of set.examples) if (isMember(text)) return { is: text };
  const [wanted, unwanted] = [must.map(set => set.automaton), not.map(set => set.automaton)];
  // What the domain leaves out matters rarely, and takes part in every step.
  const any = shortest(wanted, unwanted, budget);
  return typeof any !== 'string' && !domain.set.has(any.is) ? shortest([domain.set.automaton, ...wanted], unwanted, budget) : any;
}

/** Whether one string can begin with all of these. */
function areCompatible(starts: readonly string[]): boolean {
  const longest = starts.reduce((a, b) => (b.length > a.length ? b : a), '');
  return starts.every(start => longest.startsWith(start));
}

/** What is walked to: states of the automata that have to accept, and of those that must not. */
interface Point {
  readonly must: readonly (readonly [Automaton, number])[];
  readonly not: readonly (readonly [Automaton, number])[];
  readonly from?: Point;
  readonly character: number;
}

/** How many points one walk may reach. */
const MOST_POINTS = 10_000;

function shortest(must: readonly Automaton[], not: readonly Automaton[], budget: Budget): Member {
  const characters = representatives([...must, ...not]);
  const start = narrowed({ must: must.map(a => [a, a.start]), not: not.map(a => [a, a.start]), character: 0 });
  if (start === undefined) return 'none';
  const ids = new Ids();
  const reached = new Set([ids.keyOf(start)]);
  let open = [start];
  while (open.length > 0) {
    const next: Point[] = [];
    for (const point of open) {
      if (isRight(point)) return { is: textOf(point) };
      for (const character of characters) {
        if (!budget.take(1 + (point.must.length + point.not.length) / 8)) return 'not decided';
        const after = narrowed({
          must: point.must.map(([a, state]) => [a, state === ALL ? ALL : a.step(state, character)]),
          not: point.not.map(([a, state]) => [a, a.step(state, character)]),
          from: point,
          character,
        });
        if (after === undefined) continue;
        const key = ids.keyOf(after);
        if (reached.has(key)) continue;
        if (reached.size >= MOST_POINTS) return 'not decided';
        reached.add(key);
        next.push(after);
      }
    }
    open = next;
  }
  return 'none';
}

function isRight({ must, not }: Point): boolean {
  return (
    must.every(([automaton, state]) => isAccepting(automaton, state)) && !not.some(([automaton, state]) => isAccepting(automaton, state))
  );
}

/** A point without what cannot matter any more; undefined where nothing right lies behind it. */
function narrowed(point: Point): Point | undefined {
  if (point.must.some(([, state]) => state === DEAD) || point.not.some(([, state]) => state === ALL)) return undefined;
  return { ...point, must: point.must.filter(([, state]) => state !== ALL), not: point.not.filter(([, state]) => state !== DEAD) };
}

/** Numbers for automata, so that points compare as strings. */
class Ids {
  private readonly ids = new Map<Automaton, number>();

  public keyOf({ must, not }: Point): string {
    let key = '';
    for (const [automaton, state] of must) key += `${this.idOf(automaton)}.${state} `;
    key += '-';
    for (const [automaton, state] of not) key += `${this.idOf(automaton)}.${state} `;
    return key;
  }

  private idOf(automaton: Automaton): number {
    let id = this.ids.get(automaton);
    if (id === undefined) this.ids.set(automaton, id = this.ids.size);
    return id;
  }
}

/** One character for all that no automaton tells apart, the ones that read best first. */
function representatives(automata: readonly Automaton[]): number[] {
  const boundaries = new Set<number>();
  for (const automaton of automata) for (const boundary of automaton.boundaries) boundaries.add(boundary);
  const classes: number[] = [];
  let best: number | undefined;
  for (let c = FIRST_CHARACTER; c <= LAST_CHARACTER; c++) {
    if (best !== undefined && boundaries.has(c)) {
      classes.push(best);
      best = undefined;
    }
    if (best === undefined || rank(c) < rank(best)) best = c;
  }
  return [...classes, best!].sort((a, b) => rank(a) - rank(b) || a - b);
}

/** Letters are read best, then digits, then what paths are made of. */
function rank(character: number): number {
  const text = String.fromCharCode(character);
  return /[a-z]/.test(text) ? 0 : /\d/.test(text) ? 1 : /[/.-]/.test(text) ? 2 : /[A-Z]/.test(text) ? 3 : text === ' ' ? 5 : 4;
}

function textOf(point: Point): string {
  let text = '';
  for (let at: Point | undefined = point; at?.from; at = at.from) text = String.fromCharCode(at.character) + text;
  return text;
}
