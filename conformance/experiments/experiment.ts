/** A figure that an experiment measured, with its bounds. */
export interface Result {
  readonly name: string;
  readonly figure: string;
  readonly bounds: string;
  /** Why these bounds. */
  readonly why: string;
  readonly passed: boolean;
}

/** An experiment on a real Envoy, from the walk-through. */
export interface Experiment {
  readonly name: string;
  readonly run: () => Promise<Result[]>;
}

/** A number within inclusive bounds. */
export function between(name: string, value: number, low: number, high: number, why: string): Result {
  const text = (n: number) => (Number.isInteger(n) ? `${n}` : n.toFixed(1));
  const bounds = high === Infinity ? `at least ${text(low)}` : `${text(low)} to ${text(high)}`;
  return { name, figure: text(value), bounds, why, passed: value >= low && value <= high };
}

/** An exact value, without randomness. */
export function exactly(name: string, value: unknown, expected: unknown, why: string): Result {
  const [figure, bounds] = [JSON.stringify(value), JSON.stringify(expected)];
  return { name, figure, bounds, why, passed: figure === bounds };
}
