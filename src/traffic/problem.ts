import type { IConstruct } from 'constructs';

/** What a value check says of a bad value: the value, why it is bad and how to repair it; undefined when the value is good. */
export type Problem = string | undefined;

/** What is wrong with the names of fields, which TypeScript checks and JavaScript does not; a field that is none would be lost. */
export function fieldProblem(what: string, value: object, known: readonly string[]): Problem {
  for (const field of Object.keys(value)) if (!known.includes(field)) return `${what}.${field} is no field of it; use one of ${known.join(', ')}`;
  return undefined;
}

/** The first problem of the fields that are stated; of the others not even a text is made. */
export function statedProblem<T, F extends keyof T & string>(
  what: string, values: T, fields: readonly F[], check: (what: string, value: NonNullable<T[F]>, field: F) => Problem,
): Problem {
  for (const field of fields) {
    const value = values[field];
    const problem = value === undefined ? undefined : check(`${what}.${field}`, value!, field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Throws an error that starts with the construct path, as every error of this library does. */
export function fail(at: IConstruct | string, message: string): never {
  throw new Error(`${typeof at === 'string' ? at : at.node.path}: ${message}`);
}

/** Throws the first problem there is, with the construct path in front of it. */
export function refuse(at: IConstruct | string, ...problems: Problem[]): void {
  const problem = problems.find(p => p !== undefined);
  if (problem !== undefined) fail(at, problem);
}
