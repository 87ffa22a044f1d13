/** Where in a message a value is. */
export type BreachPath = readonly (string | number)[];

/** A value for which Envoy refuses a message. */
export interface Breach {
  readonly path: BreachPath;
  /** The value; undefined if it is missing. */
  readonly value: unknown;
  /** What is wrong with the value, such as `must be at most 8388608`. */
  readonly limit: string;
  /** @default - the limit says it */
  readonly repair?: string;
}

const LONGEST_SHOWN = 60;

/** A breach as a predicate, such as `is 8388609, but must be at most 8388608`. */
export function breachText({ value, limit, repair }: Breach): string {
  const isShown = repair === undefined && (typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_SHOWN));
  return isShown ? `is ${JSON.stringify(value)}, but ${limit}` : limit;
}
