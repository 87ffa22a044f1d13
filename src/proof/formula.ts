import type { Condition } from './condition';
import { opposite } from './condition';
import type { Requests } from './requests';

/** A statement about requests: one condition, or others that are joined. */
export type Formula =
  | Condition
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] }
  | { readonly not: Formula };

/** Whether a formula holds of a sample, and conditions that hold of the sample and decide it for all requests that meet them. */
export interface Truth {
  readonly holds: boolean;
  readonly because: readonly Condition[];
}

/** What is not understood, as a formula. */
export function unreadFormula(what: string): Formula {
  return { field: `unread ${what}`, test: 'unread', holds: true };
}

export const ALWAYS: Formula = { all: [] };
export const NEVER: Formula = { any: [] };

/** Whether a formula holds of all requests or of none; undefined if its conditions decide. */
export function constantOf(formula: Formula): boolean | undefined {
  if ('not' in formula) {
    const constant = constantOf(formula.not);
    return constant === undefined ? undefined : !constant;
  }
  if (!('all' in formula) && !('any' in formula)) return undefined;
  const [parts, decisive] = 'all' in formula ? [formula.all, false] : [formula.any, true];
  const constants = parts.map(constantOf);
  return constants.includes(decisive) ? decisive : constants.includes(undefined) ? undefined : !decisive;
}

/** A formula with other formulas in place of its conditions. */
export function withConditions(formula: Formula, of: (condition: Condition) => Formula): Formula {
  if ('all' in formula) return { all: formula.all.map(part => withConditions(part, of)) };
  if ('any' in formula) return { any: formula.any.map(part => withConditions(part, of)) };
  return 'not' in formula ? { not: withConditions(formula.not, of) } : of(formula);
}

/** Whether a formula holds of a sample. What is not understood counts as the given value, below a negation too. */
export function truthOf(formula: Formula, requests: Requests, unread: boolean): Truth {
  if ('all' in formula) return joined(formula.all, requests, unread, true);
  if ('any' in formula) return joined(formula.any, requests, unread, false);
  if ('not' in formula) {
    const { holds, because } = truthOf(formula.not, requests, !unread);
    return { holds: !holds, because };
  }
  if (requests.isOpen(formula)) return { holds: unread, because: [] };
  const holds = requests.meets(formula);
  return { holds, because: [holds ? formula : opposite(formula)] };
}

/** One part that is not `usual` decides; without one, all parts do. */
function joined(parts: readonly Formula[], requests: Requests, unread: boolean, usual: boolean): Truth {
  const because: Condition[] = [];
  for (const part of parts) {
    const truth = truthOf(part, requests, unread);
    if (truth.holds !== usual) return truth;
    because.push(...truth.because);
  }
  return { holds: usual, because };
}
