import type { Conditions, StringConditions } from './condition';
import { isHostWithin } from './host-name';
import type { Conjunction, StringCondition } from './string-condition';
import { both, bothPaths, describeCondition, isAnyPath, isPathWithin, isWithin } from './string-condition';
import { isCidrWithin } from '../traffic/cidr';
import type { ConditionShape } from '../traffic/match-fields';

/** Both of two conditions: one condition, nothing at all, or the field and both sides where Istio cannot state it. */
export type Both<C> = { readonly is: C } | { readonly unstatable: string } | 'nothing';

/** How the conditions of one shape compare. */
export interface Comparison<C> {
  both(field: string, a: C, b: C): Both<C>;
  /** Whether all that meets `a` is known to meet `b`. `there` is what `a` stands beside, for a shape that denies. */
  isWithin(a: C | undefined, b: C, there?: StringConditions): boolean;
}

/** How conditions compare, by their shape. */
export const COMPARISONS: { readonly [S in ConditionShape]: Comparison<Conditions[S]> } = {
  'path': {
    both: (field, a, b) => stated(field, a, b, bothPaths(a, b)),
    isWithin: (a, b) => (a === undefined ? isAnyPath(b) : isPathWithin(a, b)),
  },
  'string-match': { both: bothStrings, isWithin: (a, b) => a !== undefined && isWithin(a, b) },
  'string-matches': { both: byName(bothStrings), isWithin: (a, b) => names(b).every(name => has(a, name) && isWithin(a[name], b[name])) },
  'absences': {
    both: byName(neither),
    isWithin: (a, b, there) => names(b).every(name => isAbsent(b[name], own(a, name), own(there, name))),
  },
  'port': { both: equal, isWithin: (a, b) => a === b },
  'string': { both: equal, isWithin: (a, b) => a === b },
  'labels': { both: byName(equal), isWithin: (a, b) => names(b).every(name => own(a, name) === b[name]) },
  'host-names': alternatives(isHostWithin),
  'subnets': alternatives(isCidrWithin),
};

function names(map: { readonly [name: string]: unknown }): string[] {
  return Object.keys(map);
}

/** Whether a map has a name of its own, and not by the prototype, such as `constructor`. */
function has<M extends object>(map: M | undefined, name: string): map is M {
  return map !== undefined && Object.hasOwn(map, name);
}

function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return has(map, name) ? map[name] : undefined;
}

function stated<C extends StringCondition>(field: string, a: C, b: C, result: Conjunction<C>): Both<C> {
  return result === 'unstatable' ? { unstatable: `${field} ${describeCondition(a)} and ${describeCondition(b)}` } : result;
}

function bothStrings(field: string, a: StringCondition, b: StringCondition): Both<StringCondition> {
  return stated(field, a, b, both(a, b));
}

function equal<T>(_: string, a: T, b: T): Both<T> {
  return a === b ? { is: a } : 'nothing';
}

/** Absence of what meets `a` and of what meets `b`: the wider says it all. */
function neither(field: string, a: StringCondition, b: StringCondition): Both<StringCondition> {
  return stated(field, a, b, isWithin(b, a) ? { is: a } : isWithin(a, b) ? { is: b } : 'unstatable');
}

/** Whether nothing meets `absent` where `without` is absent and `there` is met. */
function isAbsent(absent: StringCondition, without: StringCondition | undefined, there: StringCondition | undefined): boolean {
  return (without !== undefined && isWithin(absent, without)) || (there !== undefined && both(there, absent) === 'nothing');
}

/** Both of two maps: both conditions on each name. */
function byName<T>(and: (field: string, a: T, b: T) => Both<T>) {
  return (field: string, a: { readonly [name: string]: T }, b: { readonly [name: string]: T }): Both<{ readonly [name: string]: T }> => {
    const result: { [name: string]: T } = { ...a };
    for (const name of names(b)) {
      const of = has(result, name) ? and(`${field}['${name}']`, result[name], b[name]) : { is: b[name] };
      if (of === 'nothing' || 'unstatable' in of) return of;
      result[name] = of.is;
    }
    return { is: result };
  };
}

/** Lists of which one holds, where one may stand for others. */
function alternatives(within: (a: string, b: string) => boolean): Comparison<readonly string[]> {
  return {
    both: (_, a, b) => {
      const common = new Set(a.flatMap(x => b.flatMap(y => (within(x, y) ? [x] : within(y, x) ? [y] : []))));
      return common.size > 0 ? { is: [...common] } : 'nothing';
    },
    isWithin: (a, b) => a !== undefined && a.every(x => b.some(y => within(x, y))),
  };
}
