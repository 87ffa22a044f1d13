import type { Duration } from 'cdk8s';
import type { Problem } from './problem';

/** The milliseconds that Go, in which Istio is written, can count. */
const LONGEST = 9223372036854;

/** A duration as Istio writes it: whole seconds as `5s`, else milliseconds as `1500ms`. */
export function istioDuration(duration: Duration): string {
  const ms = duration.toMilliseconds({ integral: false });
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Istio takes whole milliseconds, at least one; `0s` is "off" where the field says so. */
export function durationProblem(what: string, duration: Duration | undefined, options: { zero?: boolean } = {}): Problem {
  if (duration === undefined) return undefined;
  if (typeof (duration as Partial<Duration>).toMilliseconds !== 'function') return `${what} is '${String(duration)}'; use a Duration, such as Duration.seconds(5)`;
  const ms = duration.toMilliseconds({ integral: false });
  if (ms > LONGEST) return `${what} is ${ms} ms; use at most ${LONGEST}`;
  if (Number.isInteger(ms) && (ms >= 1 || (ms === 0 && options.zero === true))) return undefined;
  return ms === 0 ? `${what} is 0, which Istio rejects; use at least 1 ms, or leave it out`
    : `${what} is ${ms} ms; use whole milliseconds, at least 1`;
}
