import type { Objection } from './objection';

/** Envoy adds the weights of a route up to an integer of 32 bits. */
const MOST_WEIGHT = 4294967295;

/** What Envoy objects to in the weights of a route's destinations. */
export function weightsObjection(weights: readonly number[]): Objection {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return ['have no weight', 'give a destination a weight'];
  return sum > MOST_WEIGHT ? [`have weights of ${sum} in total, more than ${MOST_WEIGHT}`, 'use smaller weights'] : undefined;
}
