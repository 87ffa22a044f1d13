import type { Conditions, StringConditions } from './condition';
import { isHostWithin } from './host-name';
import type { Conjunction, StringCondition } from './string-condition';
import { both, bothPaths, describeCondition, isAnyPath, isPathWithin, isWithin } from './string-condition';
import { isCidrWithin } from '../traffic/cidr';
import type { ConditionShape } from '../traffic/match-fields';

/** The conjunction of two conditions: a condition, nothing, or the field and both sides if Istio cannot express it. */
export type Both<C> = { readonly is: C } | { readonly inexpressible: string } | 'nothing';

/** How the conditions of one shape compare. */
export interface Comparison<C> {
  both(field: string, a: C, b: C): Both<C>;
  /** Whether everything that meets `a` is known to meet `b`. For absences, `there` holds the conditions on present values next to `a`. */
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
  'claims': {
    both: byName(bothOfLists), isWithin: (a, b) => names(b).every(name => has(a, name) && isWithin(a[name], b[name])),
  },
  'claim-absences': {
    both: byName(neither), isWithin: (a, b) => names(b).every(name => has(a, name) && isWithin(b[name], a[name])),
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

/** Whether a map has a name as its own property, not from the prototype, such as `constructor`. */
function has<M extends object>(map: M | undefined, name: string): map is M {
  return map !== undefined && Object.hasOwn(map, name);
}

function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return has(map, name) ? map[name] : undefined;
}

function stated<C extends StringCondition>(field: string, a: C, b: C, result: Conjunction<C>): Both<C> {
  return result === 'inexpressible' ? { inexpressible: `${field} ${describeCondition(a)} and ${describeCondition(b)}` } : result;
}

function bothStrings(field: string, a: StringCondition, b: StringCondition): Both<StringCondition> {
  return stated(field, a, b, both(a, b));
}

/** Of a list of strings, one meets `a` and one meets `b`: the narrower condition covers both. */
function bothOfLists(field: string, a: StringCondition, b: StringCondition): Both<StringCondition> {
  return stated(field, a, b, isWithin(a, b) ? { is: a } : isWithin(b, a) ? { is: b } : 'inexpressible');
}

function equal<T>(_: string, a: T, b: T): Both<T> {
  return a === b ? { is: a } : 'nothing';
}

/** The absence of values that meet `a` and of values that meet `b`: the wider condition covers both. */
function neither(field: string, a: StringCondition, b: StringCondition): Both<StringCondition> {
  return stated(field, a, b, isWithin(b, a) ? { is: a } : isWithin(a, b) ? { is: b } : 'inexpressible');
}

/** Whether no value meets `absent`, given that none meets `without` and that `there` is met. */
function isAbsent(absent: StringCondition, without: StringCondition | undefined, there: StringCondition | undefined): boolean {
  return (without !== undefined && isWithin(absent, without)) || (there !== undefined && both(there, absent) === 'nothing');
}

/** The conjunction of two maps: both conditions per name. */
function byName<T>(and: (field: string, a: T, b: T) => Both<T>) {
  return (field: string, a: { readonly [name: string]: T }, b: { readonly [name: string]: T }): Both<{ readonly [name: string]: T }> => {
    const result: { [name: string]: T } = { ...a };
    for (const name of names(b)) {
      const of = has(result, name) ? and(`${field}['${name}']`, result[name], b[name]) : { is: b[name] };
      if (of === 'nothing' || 'inexpressible' in of) return of;
      result[name] = of.is;
    }
    return { is: result };
  };
}

/** Lists whose items are ORed, where one item may cover others. */
function alternatives(within: (a: string, b: string) => boolean): Comparison<readonly string[]> {
  return {
    both: (_, a, b) => {
      const common = new Set(a.flatMap(x => b.flatMap(y => (within(x, y) ? [x] : within(y, x) ? [y] : []))));
      return common.size > 0 ? { is: [...common] } : 'nothing';
    },
    isWithin: (a, b) => a !== undefined && a.every(x => b.some(y => within(x, y))),
  };
}
