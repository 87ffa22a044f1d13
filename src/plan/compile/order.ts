import type { MatchTerm } from '../../manifest/match-algebra';
import { areDisjoint, areWithin, canonicalText } from '../../manifest/match-algebra';

/** Something that is tried in order, the first whose match holds wins. */
export interface Orderable<M = MatchTerm> {
  /** The construct path, for messages. */
  readonly path: string;
  readonly terms: readonly M[];
  readonly priority?: number;
  /** The text of what it does with a request, asked for only where it matters; equal texts need no order. */
  readonly outcome: () => string;
}

/** How the matches of one kind compare. */
export interface Algebra<M> {
  /** What is matched, for messages. */
  readonly what: string;
  readonly areWithin: (a: readonly M[], b: readonly M[]) => boolean;
  readonly areDisjoint: (a: readonly M[], b: readonly M[]) => boolean;
  readonly text: (term: M) => string;
}

const REQUESTS: Algebra<MatchTerm> = { what: 'request', areWithin, areDisjoint, text: canonicalText };

/** The items in order, and what keeps them from being ordered. */
export interface Ordering<T> {
  readonly items: readonly T[];
  readonly errors: readonly string[];
}

/**
 * Orders by meaning: the narrower match first; where two overlap and neither is narrower, the lower `priority` first; else by text, so that
 * the order of statements never shows. Pure: equal sets give equal orders.
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
    errors.push(`the priorities and the narrowness of the ${noun}s ${rest.join(', ')} go round in a circle; change one of the priorities`);
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
    errors.push(`${noun}s ${first.path} and ${second.path} have the same match, so that one of them is a duplicate; `
      + 'remove one, or make their matches differ');
  } else if (aInB || bInA) {
    const [narrow, wide] = aInB ? [a, b] : [b, a];
    if (narrow.priority !== undefined && wide.priority !== undefined && narrow.priority > wide.priority) {
      errors.push(`${noun} ${narrow.path} has priority ${narrow.priority} and ${wide.path} has ${wide.priority}, but the first is the narrower `
        + 'and would never be reached behind the second; leave the priorities out, the narrower comes first by itself');
    }
    before(narrow, wide);
  } else if (!algebra.areDisjoint(a.terms, b.terms)) {
    if (a.priority !== undefined && b.priority !== undefined && a.priority !== b.priority) {
      const [low, high] = a.priority < b.priority ? [a, b] : [b, a];
      before(low, high);
    } else if (a.outcome() !== b.outcome()) {
      const stated = a.priority !== undefined && a.priority === b.priority ? `, and both have priority ${a.priority}` : '';
      errors.push(`${noun}s ${first.path} and ${second.path} can both match one ${algebra.what}, and neither is the narrower${stated}; `
        + 'give both a different `priority`, the lower is tried first');
    }
  }
}

function topological<M, T extends Orderable<M>>(algebra: Algebra<M>, items: readonly T[], later: Map<T, T[]>, waitsFor: Map<T, number>): T[] {
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
