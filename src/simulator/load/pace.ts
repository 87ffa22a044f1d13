/** The schedule of one caller: a number of calls at a rate, or calls for a duration. */
export interface Pace {
  readonly calls: number;
  /** Calls per second. 0 means as fast as they are answered. */
  readonly rate: number;
  readonly seconds?: number;
}

/** Whether a caller is done. fortio makes at least two calls, and sends the last one even after the end of its time. */
export function isOver({ calls, seconds }: Pace, made: number, elapsedMs: number): boolean {
  if (made >= calls) return true;
  return seconds !== undefined && elapsedMs > seconds * 1000 && made >= 2 && made !== calls - 1;
}

/**
 * The time in milliseconds that a caller waits until its next call is due, up to 10 % more or less with jitter. A caller that is late does
 * not wait until it has caught up. With a duration, fortio stretches the schedule so that the last call is at its end.
 */
export function waitBefore({ calls, rate, seconds }: Pace, made: number, elapsedMs: number, random?: () => number): number {
  if (rate === 0 || made >= calls) return 0;
  const due = 1000 * (seconds === undefined ? made : made + made / (calls - 1)) / rate;
  const wait = Math.max(0, due - elapsedMs);
  return random ? wait + (2 * random() - 1) * wait / 10 : wait;
}
