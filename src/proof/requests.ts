import { ISSUER } from './claims';
import type { Condition, Field, NamedField } from './condition';
import { partsOf } from './condition';
import type { FieldKind, RequestSpace } from './fields';
import { memberOf } from './member';
import type { StringSet } from './string-set';

/** What is asked of a field. Of a field with several values each set of `must` has one of them. */
interface Asked {
  readonly must: readonly StringSet[];
  readonly not: readonly StringSet[];
  readonly isPresent?: boolean;
}

/** What is asked of a field, and values that have it. */
interface FieldState extends Asked {
  readonly sample: readonly string[];
}

/** That no request meets all conditions, or that it is unknown. */
export type Failure = 'none' | 'not decided';

/**
 * The requests that meet some conditions, all of them where there are none. There is one at least: a sample of each field is part of it.
 */
export class Requests {
  constructor(private readonly space: RequestSpace, private readonly fields: ReadonlyMap<Field, FieldState> = new Map()) {}

  /** Those that meet some more conditions. */
  public and(conditions: readonly Condition[]): Requests | Failure {
    const fields = new Map(this.fields);
    const needsToken = conditions.some(({ field, holds }) => holds && field.startsWith(CLAIM));
    for (const condition of needsToken ? [...conditions, HAS_ISSUER] : conditions) {
      const state = narrowed(this.space, this.space.kindOf(condition.field), fields.get(condition.field), condition);
      if (typeof state === 'string') return state;
      fields.set(condition.field, state);
    }
    if (needsToken && nestsInString(fields)) return 'none';
    return new Requests(this.space, fields);
  }

  /** The values that the sample has in a field; none of them where it is absent. */
  public sample(field: Field): readonly string[] {
    return (this.fields.get(field) ?? initial(this.space, this.space.kindOf(field))).sample;
  }

  /** Whether the sample meets a condition. */
  public meets({ field, test, holds }: Condition): boolean {
    const values = this.sample(field);
    return (typeof test === 'string' ? values.length > 0 : values.some(value => test.has(value))) === holds;
  }

  /** Whether it is not known if the sample meets a condition: it is not understood, or on a value that Envoy writes. */
  public isOpen({ field, test }: Condition): boolean {
    return test === 'unread' || (typeof test !== 'string' && this.isWritten(field));
  }

  /** Whether Envoy writes the values of a field. */
  public isWritten(field: Field): boolean {
    return this.space.kindOf(field).isWritten === true;
  }

  /** The fields with conditions. */
  public get stated(): readonly Field[] {
    return [...this.fields.keys()];
  }
}

const CLAIM = 'claim ';
const HAS_ISSUER: Condition = { field: ISSUER, test: 'present', holds: true };

/** Whether a claim must be a string, or a list of strings, and have claims within it: no token is like this. */
function nestsInString(fields: ReadonlyMap<Field, FieldState>): boolean {
  const present = [...fields].filter(([field, { isPresent }]) => isPresent && field.startsWith(CLAIM))
    .map(([field]) => partsOf(field as NamedField)[1].slice(0, -1));
  return present.some(outer => present.some(inner => inner.startsWith(`${outer},`)));
}

const EMPTY: Asked = { must: [], not: [] };
const INITIAL = new WeakMap<FieldKind, FieldState>();

/** A field without conditions. */
function initial(space: RequestSpace, kind: FieldKind): FieldState {
  let state = INITIAL.get(kind);
  if (state === undefined) {
    const sample = samples(space, kind, EMPTY);
    if (typeof sample === 'string') throw new Error('a field has no value at all');
    INITIAL.set(kind, state = { ...EMPTY, sample });
  }
  return state;
}

function narrowed(space: RequestSpace, kind: FieldKind, known: FieldState | undefined, { test, holds }: Condition): FieldState | Failure {
  const before = known ?? initial(space, kind);
  const { must, not, isPresent } = before;
  if (typeof test === 'string') {
    if (isPresent === !holds || (!holds && !kind.isOptional)) return 'none';
    return sampled(space, kind, { must, not, isPresent: holds }, (before.sample.length > 0) === holds, before.sample);
  }
  const isMet = before.sample.some(value => test.has(value)) === holds;
  const list = holds ? must : not;
  if (list.some(set => set.key === test.key)) return before;
  if ((holds ? not : must).some(set => set.key === test.key) || (holds && isPresent === false)) return 'none';
  const asked = holds ? { must: [...must, test], not, isPresent: true } : { must, not: [...not, test], isPresent };
  return sampled(space, kind, asked, isMet, before.sample);
}

function sampled(
  space: RequestSpace, kind: FieldKind, asked: Asked, isMet: boolean, sample: readonly string[],
): FieldState | Failure {
  const found = isMet ? sample : samples(space, kind, asked);
  return typeof found === 'string' ? found : { ...asked, sample: found };
}

function samples({ budget }: RequestSpace, { domain, isOptional, repeats }: FieldKind, asked: Asked): readonly string[] | Failure {
  const { must, not, isPresent } = asked;
  if (isPresent === false || (isOptional && isPresent !== true && must.length === 0)) return [];
  const one = memberOf(domain, must, not, budget);
  if (typeof one !== 'string') return [one.is];
  if (one === 'not decided' || !repeats || must.length < 2) return one;
  const each: string[] = [];
  for (const set of must) {
    const value = memberOf(domain, [set], not, budget);
    if (typeof value === 'string') return value;
    each.push(value.is);
  }
  return [...new Set(each)];
}
