import type { IConstruct } from 'constructs';

/** What a value check says of a bad value: the value, why it is bad and how to repair it; undefined when the value is good. */
export type Problem = string | undefined;

/** What is wrong with the names of fields, which TypeScript checks and JavaScript does not; a field that is none would be lost. */
export function fieldProblem(what: string, value: object, known: readonly string[]): Problem {
  const unknown = Object.keys(value).find(field => !known.includes(field));
  return unknown === undefined ? undefined : `${what}.${unknown} is no field of it; use one of ${known.join(', ')}`;
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
