import type { IConstruct } from 'constructs';

/** What a value check says of a bad value: the value, why it is bad and how to repair it; undefined when the value is good. */
export type Problem = string | undefined;

/** Throws an error that starts with the construct path, as every error of this library does. */
export function fail(at: IConstruct | string, message: string): never {
  throw new Error(`${typeof at === 'string' ? at : at.node.path}: ${message}`);
}

/** Throws the first problem there is, with the construct path in front of it. */
export function refuse(at: IConstruct | string, ...problems: Problem[]): void {
  const problem = problems.find(p => p !== undefined);
  if (problem !== undefined) fail(at, problem);
}
