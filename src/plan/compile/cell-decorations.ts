import { order } from './order';
import type { CohortStatement, Decoration, RouteStatement } from '../model/statements';
import { isMirror } from '../model/statements';
import type { Share } from '../model/target';
import { receiving, sameTarget } from '../model/target';

/** A part of a cell: the statements whose conditions it meets, and all decorations that apply there, one per slot. */
export interface CellPart {
  readonly conditions: readonly Decoration[];
  readonly decorations: readonly Decoration[];
}

/** The decorations of a cell. */
export interface CellDecorations {
  /** The parts in order. The last one has no conditions. */
  readonly parts: readonly CellPart[];
  readonly conflicts: readonly string[];
}

const UNDECORATED: CellDecorations = { parts: [{ conditions: [], decorations: [] }], conflicts: [] };

/** Each statement with a condition doubles the entries of a cell. */
const MOST_CONDITIONS = 3;

/** How specific a decoration is. A default is less specific than every statement. */
const rank = (d: Decoration) => (d.isDefault ? -1 : (d.route ? 1 : 0) + (d.cohort ? 1 : 0));

/** The decorations of a cell. On one slot, the more specific one wins, then the one whose condition is met. */
export function decorationsOf(
  all: readonly Decoration[], route: RouteStatement, cohort: CohortStatement | undefined, shares: readonly Share[],
): CellDecorations {
  if (all.length === 0 || route.answer) return UNDECORATED;
  const touching = all.filter(d => touches(d, route, cohort, shares));
  if (touching.length === 0) return UNDECORATED;
  if (touching.length === 1 && !touching[0].condition) return { parts: [{ conditions: [], decorations: touching }], conflicts: [] };
  const { chosen, conflicts } = unconditioned(touching, route, cohort);
  const conditioned = touching.filter(d => d.condition && rank(d) >= Math.max(0, ...chosen.filter(c => c.slot === d.slot).map(rank)));
  if (conditioned.length === 0) return { parts: [{ conditions: [], decorations: chosen }], conflicts };
  const paths = [...new Set(conditioned.map(d => d.path))].sort();
  if (paths.length > MOST_CONDITIONS) {
    return {
      parts: [],
      conflicts: [`the route '${route.id}'${cohort ? ` of the cohort '${cohort.id}'` : ''} has ${paths.length} policies with matches (`
        + `${paths.join(', ')}), which would make ${2 ** paths.length} entries of one; `
        + `limit them to routes or cohorts, so that at most ${MOST_CONDITIONS} apply`],
    };
  }
  const sorted = bySlot(conditioned);
  return { parts: partsOf(sorted.items, chosen), conflicts: [...conflicts, ...sorted.errors] };
}

function touches(decoration: Decoration, route: RouteStatement, cohort: CohortStatement | undefined, shares: readonly Share[]): boolean {
  if (decoration.route && decoration.route !== route) return false;
  const apart = cohort !== undefined || (route.outside === true && !decoration.route);
  if (decoration.cohort ? decoration.cohort !== cohort : decoration.cells === 'split' && apart) return false;
  return !(isMirror(decoration.value) && skipsMirror(decoration.value.mirror, shares));
}

/** A mirror for requests that its own target already serves would serve them twice. */
function skipsMirror(mirror: Share['target'], shares: readonly Share[]): boolean {
  const targets = receiving(shares);
  return targets.length === 1 && sameTarget(targets[0].target, mirror);
}

function unconditioned(touching: readonly Decoration[], route: RouteStatement, cohort: CohortStatement | undefined) {
  const best = new Map<string, readonly Decoration[]>();
  for (const decoration of touching) {
    if (decoration.condition) continue;
    const rivals = best.get(decoration.slot) ?? [];
    const lead = rivals.length === 0 ? 1 : rank(decoration) - rank(rivals[0]);
    if (lead >= 0) best.set(decoration.slot, lead > 0 ? [decoration] : [...rivals, decoration]);
  }
  const conflicts = [...best.values()].filter(rivals => rivals.length > 1).map(rivals =>
    `${rivals.map(d => d.path).sort().join(' and ')} both set ${rivals[0].slot} for the route '${route.id}' and the cohort `
      + `'${cohort?.id}', `
    + 'one for the route, one for the cohort; use one that sets both');
  return { chosen: sortedBySlot([...best.values()].map(([d]) => d)), conflicts };
}

function sortedBySlot(decorations: readonly Decoration[]): readonly Decoration[] {
  return [...decorations].sort((a, b) => (a.slot < b.slot ? -1 : 1));
}

/** The decorations with conditions by slot, the more specific ones first, then in the order of their matches. */
function bySlot(conditioned: readonly Decoration[]): { items: readonly Decoration[]; errors: readonly string[] } {
  const slots = [...new Set(conditioned.map(d => d.slot))].sort();
  const errors: string[] = [];
  const items = slots.flatMap(slot => [2, 1, 0].flatMap(names => {
    const rivals = conditioned.filter(d => d.slot === slot && rank(d) === names);
    const sorted = order(rivals.map(decoration => ({
      path: decoration.path, decoration, ...decoration.condition!, outcome: () => JSON.stringify(decoration.value),
    })), `${slot} statement`);
    errors.push(...sorted.errors);
    return sorted.items.map(item => item.decoration);
  }));
  return { items, errors };
}

/** A statement with a condition: its decorations of a cell, one per slot. */
type Conditioned = readonly Decoration[];

/** Every combination of conditions with a different decoration, those with more conditions first. The last one has none. */
function partsOf(conditioned: readonly Decoration[], chosen: readonly Decoration[]): readonly CellPart[] {
  const statements = [...new Set(conditioned.map(d => d.path))].map(path => conditioned.filter(d => d.path === path));
  const sets = statements.reduce<Conditioned[][]>((all, statement) => all.flatMap(set => [[...set, statement], set]), [[]]);
  // Stable sort: among sets of one size, those with earlier statements stay first.
  const combinations = sets.sort((a, b) => b.length - a.length).map(set => ({ set, decorations: decorationsIn(set, conditioned, chosen) }));
  const kept: typeof combinations = [];
  // From the end, because the decorations without a combination are then known: those of the first set that has fewer of its conditions.
  for (const combination of combinations.reverse()) {
    const next = kept.find(({ set }) => set.length < combination.set.length && set.every(statement => combination.set.includes(statement)));
    if (!next || !isSame(next.decorations, combination.decorations)) kept.unshift(combination);
  }
  return kept.map(({ set, decorations }) => ({ conditions: set.map(([d]) => d), decorations }));
}

/** The decorations if these conditions are met: on each slot the first statement, else the decoration without conditions. */
function decorationsIn(set: readonly Conditioned[], inOrder: readonly Decoration[], chosen: readonly Decoration[]): readonly Decoration[] {
  const best = new Map<string, Decoration>();
  for (const decoration of [...inOrder.filter(d => set.some(statement => statement.includes(d))), ...chosen]) {
    if (!best.has(decoration.slot)) best.set(decoration.slot, decoration);
  }
  return sortedBySlot([...best.values()]);
}

function isSame(some: readonly Decoration[], others: readonly Decoration[]): boolean {
  return some.length === others.length && some.every((decoration, i) => decoration === others[i]);
}
