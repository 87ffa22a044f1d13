/** What one caller plans: so many calls at a rate, by count or over a duration. */
export interface Pace {
  readonly calls: number;
  /** Calls a second; 0 means as fast as they are answered. */
  readonly rate: number;
  readonly seconds?: number;
}

/** Whether a caller is done: fortio makes at least two calls, and lets the last one go even when its time is over. */
export function isOver({ calls, seconds }: Pace, made: number, elapsedMs: number): boolean {
  if (made >= calls) return true;
  return seconds !== undefined && elapsedMs > seconds * 1000 && made >= 2 && made !== calls - 1;
}

/**
 * How many milliseconds a caller waits before its next call: until the call is due, 10 % more or less with jitter. One that is behind waits not at all, until
 * it has caught up. With a duration fortio stretches the plan so that the last call falls on its end.
 */
export function waitBefore({ calls, rate, seconds }: Pace, made: number, elapsedMs: number, random?: () => number): number {
  if (rate === 0 || made >= calls) return 0;
  const due = 1000 * (seconds === undefined ? made : made + made / (calls - 1)) / rate;
  const wait = Math.max(0, due - elapsedMs);
  return random ? wait + (2 * random() - 1) * wait / 10 : wait;
}
