import type * as Engine from 're2js';
import type { Problem } from './problem';

const compiled = new Map<string, Engine.RE2JS | Error>();

/** Compiles as Envoy does: RE2 syntax. The engine is loaded at the first regex, so that programs without one do not pay for it. */
function compile(pattern: string): Engine.RE2JS | Error {
  let result = compiled.get(pattern);
  if (result === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const engine = require('re2js') as typeof Engine;
    try {
      result = engine.RE2JS.compile(pattern);
    } catch (e) {
      result = e as Error;
    }
    compiled.set(pattern, result);
  }
  return result;
}

/** Whether the regex matches the whole of the text, as Envoy matches. A regex that RE2 rejects matches nothing. */
export function re2Matches(pattern: string, text: string): boolean {
  const regex = compile(pattern);
  return !(regex instanceof Error) && regex.matches(text);
}

/** The text with each match replaced, as RE2 does: `\\1` stands for the first group, `\\0` for the match. */
export function re2Replace(pattern: string, text: string, substitution: string): string {
  const regex = compile(pattern);
  if (regex instanceof Error) return text;
  const matcher = regex.matcher(text);
  const parts: string[] = [];
  let done = 0;
  while (matcher.find()) {
    parts.push(text.slice(done, matcher.start()), substitution.replace(/\\([0-9\\])/g, (_, what: string) => {
      return what === '\\' ? what : Number(what) > matcher.groupCount() ? '' : matcher.group(Number(what)) ?? '';
    }));
    done = matcher.end();
  }
  return parts.join('') + text.slice(done);
}

/** Whether RE2 takes the regex, and Istio its length. */
export function re2Problem(what: string, pattern: string): Problem {
  if (pattern === '') return `${what} is an empty regex, which Istio rejects; state the regex that the whole value has to match`;
  if (pattern.length > 1024) return `${what} is a regex of ${pattern.length} characters; Istio takes at most 1024`;
  const regex = compile(pattern);
  if (!(regex instanceof Error)) return undefined;
  return `${what} '${pattern}' is not a regex that Envoy's RE2 takes (${regex.message}); RE2 knows neither look-around nor back-references`;
}

/** A text as a regex that matches just this text. */
export function re2Quote(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
