import type { Problem } from './problem';

/** A cause and a repair; undefined where there is nothing to say. */
export type Objection = readonly [cause: string, repair: string] | undefined;

/** An objection as the problem of a named value. */
export function objectionProblem(what: string, objection: Objection): Problem {
  return objection && `${what} ${objection[0]}; ${objection[1]}`;
}
