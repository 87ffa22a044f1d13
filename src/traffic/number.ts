import type { Problem } from './problem';

/** The problem of a percentage from 0 to 100. It may have four decimals, the precision of Istio's fractions. */
export function percentProblem(what: string, value: number): Problem {
  if (!Number.isFinite(value) || value < 0 || value > 100) return `${what} is ${value}; use a percentage from 0 to 100`;
  return Number(value.toFixed(4)) === value ? undefined : `${what} is ${value}; use at most four decimals`;
}

export function portProblem(what: string, value: number): Problem {
  return Number.isInteger(value) && value >= 1 && value <= 65535 ? undefined : `${what} is ${value}; use a port from 1 to 65535`;
}

const MAX_INT32 = 2147483647;

/** The problem of a limit: an integer of at least `min`. `zero` says how Istio reads 0 where it is not a limit. */
export function limitProblem(what: string, value: number | undefined, options: { min: number; zero?: string }): Problem {
  if (value === undefined) return undefined;
  if (value === 0 && options.zero !== undefined) return `${what} is 0, which ${options.zero}`;
  return Number.isInteger(value) && value >= options.min && value <= MAX_INT32 ? undefined
    : `${what} is ${value}; use an integer from ${options.min} to ${MAX_INT32}`;
}
