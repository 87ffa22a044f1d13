import type { MatchTerm } from '../../manifest/condition';
import { canonicalText } from '../../manifest/istio-match';
import { areDisjoint, areWithin } from '../../manifest/match-algebra';

/** An item of an ordered list, in which the first match wins. */
export interface Orderable<M = MatchTerm> {
  /** The construct path, for messages. */
  readonly path: string;
  readonly terms: readonly M[];
  readonly priority?: number;
  /** Returns what it does with a request, as text. Called only if needed; items with equal text need no order. */
  readonly outcome: () => string;
}

/** How to compare the matches of one kind. */
export interface Algebra<M> {
  /** The word for what is matched, for messages. */
  readonly what: string;
  readonly areWithin: (a: readonly M[], b: readonly M[]) => boolean;
  readonly areDisjoint: (a: readonly M[], b: readonly M[]) => boolean;
  readonly text: (term: M) => string;
}

const REQUESTS: Algebra<MatchTerm> = { what: 'request', areWithin, areDisjoint, text: canonicalText };

/** The items in order, and the errors that prevent an order. */
export interface Ordering<T> {
  readonly items: readonly T[];
  readonly errors: readonly string[];
}

/**
 * Orders by meaning: the narrower match first; if two overlap and neither is narrower, the lower `priority` first; else by text, so the
 * order of statements has no effect. Equal sets give equal orders.
 */
export function order<T extends Orderable>(items: readonly T[], noun: string): Ordering<T> {
  return orderBy(REQUESTS, items, noun);
}

/** The same for matches of any kind. */
export function orderBy<M, T extends Orderable<M>>(algebra: Algebra<M>, items: readonly T[], noun: string): Ordering<T> {
  if (items.length < 2) return { items, errors: [] };
  const errors: string[] = [];
  const later = new Map<T, T[]>(items.map(item => [item, []]));
  const waitsFor = new Map<T, number>(items.map(item => [item, 0]));
  const before = (first: T, second: T) => {
    later.get(first)!.push(second);
    waitsFor.set(second, waitsFor.get(second)! + 1);
  };
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) compare(algebra, items[i], items[j], noun, before, errors);
  }
  const sorted = topological(algebra, items, later, waitsFor);
  if (sorted.length < items.length && errors.length === 0) {
    const rest = items.filter(item => !sorted.includes(item)).map(item => item.path).sort();
    errors.push(`the priorities and the narrowness of the ${noun}s ${rest.join(', ')} form a cycle; change one of the priorities`);
  }
  return { items: sorted, errors: errors.sort() };
}

function compare<M, T extends Orderable<M>>(
  algebra: Algebra<M>, a: T, b: T, noun: string, before: (a: T, b: T) => void, errors: string[],
): void {
  const [first, second] = a.path < b.path ? [a, b] : [b, a];
  const aInB = algebra.areWithin(a.terms, b.terms);
  const bInA = algebra.areWithin(b.terms, a.terms);
  if (aInB && bInA) {
    errors.push(`${noun}s ${first.path} and ${second.path} have the same match; `
      + 'remove one of them, or change one of the matches');
  } else if (aInB || bInA) {
    const [narrow, wide] = aInB ? [a, b] : [b, a];
    if (narrow.priority !== undefined && wide.priority !== undefined && narrow.priority > wide.priority) {
      errors.push(`${noun} ${narrow.path} has priority ${narrow.priority} and ${wide.path} has ${wide.priority}, but the first match is narrower `
        + 'and would be unreachable after the second; omit the priorities, because the narrower match comes first');
    }
    before(narrow, wide);
  } else if (!algebra.areDisjoint(a.terms, b.terms)) {
    if (a.priority !== undefined && b.priority !== undefined && a.priority !== b.priority) {
      const [low, high] = a.priority < b.priority ? [a, b] : [b, a];
      before(low, high);
    } else if (a.outcome() !== b.outcome()) {
      const stated = a.priority !== undefined && a.priority === b.priority ? `, and both have priority ${a.priority}` : '';
      errors.push(`${noun}s ${first.path} and ${second.path} can both match one ${algebra.what}, and neither match is narrower${stated}; `
        + 'set a different `priority` on each, the lower number comes first');
    }
  }
}

function topological<M, T extends Orderable<M>>(
  algebra: Algebra<M>,
  items: readonly T[],
  later: Map<T, T[]>,
  waitsFor: Map<T, number>,
): T[] {
  const ready = items.filter(item => waitsFor.get(item) === 0);
  const texts = new Map<T, string>();
  const text = (item: T) => {
    if (!texts.has(item)) texts.set(item, `${item.terms.map(algebra.text).join(' ')} ${item.outcome()}`);
    return texts.get(item)!;
  };
  const sorted: T[] = [];
  while (ready.length > 0) {
    if (ready.length > 1) ready.sort((a, b) => (text(a) < text(b) ? -1 : 1));
    const next = ready.shift()!;
    sorted.push(next);
    for (const item of later.get(next)!) {
      const left = waitsFor.get(item)! - 1;
      waitsFor.set(item, left);
      if (left === 0) ready.push(item);
    }
  }
  return sorted;
}
