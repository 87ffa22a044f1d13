import type { Duration } from 'cdk8s';
import type { Problem } from './problem';

/** The longest duration that Envoy takes, in milliseconds: it counts nanoseconds in 64 bits, and rounds the seconds up. */
const LONGEST = 9223372035999;

/** A duration in Istio's form: whole seconds as `5s`, else milliseconds as `1500ms`. */
export function istioDuration(duration: Duration): string {
  const ms = duration.toMilliseconds({ integral: false });
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The problem of a duration: Istio accepts whole milliseconds, at least one. `zero` also allows 0, for fields where it means "off". */
export function durationProblem(what: string, duration: Duration | undefined, options: { zero?: boolean } = {}): Problem {
  if (duration === undefined) return undefined;
  if (typeof (duration as Partial<Duration>).toMilliseconds !== 'function') {
    return `${what} is '${String(duration)}'; use a Duration, such as Duration.seconds(5)`;
  }
  const ms = duration.toMilliseconds({ integral: false });
  if (ms > LONGEST) return tooLong(what, ms);
  if (Number.isInteger(ms) && (ms >= 1 || (ms === 0 && options.zero === true))) return undefined;
  return ms === 0 ? `${what} is 0, which Istio rejects; use at least 1 ms, or omit it`
    : `${what} is ${ms} ms; use whole milliseconds, at least 1`;
}

/** The problem of a required duration that counts whole seconds, such as the lifetime of a cookie. */
export function wholeSecondsProblem(what: string, duration: Duration): Problem {
  const ms = duration.toMilliseconds({ integral: false });
  if (ms > LONGEST) return tooLong(what, ms);
  return ms >= 1000 && ms % 1000 === 0 ? undefined : `${what} is ${ms} ms; use whole seconds, at least 1`;
}

function tooLong(what: string, ms: number): string {
  return `${what} is ${ms} ms; use at most ${LONGEST}`;
}
