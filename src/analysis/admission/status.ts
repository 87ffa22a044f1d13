import type { Objection } from './verdict';

/** What is wrong with the status of a response. istiod takes 600 too. */
export function statusProblem(status = 0): Objection {
  return status >= 200 && status <= 600 ? undefined : [`is ${status}, which is not a valid status of a response`, 'use 200 to 599'];
}
