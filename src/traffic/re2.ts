import type * as Engine from 're2js';
import type { Problem } from './problem';

const compiled = new Map<string, Engine.RE2JS | Error>();

/** Compiles RE2 syntax, like Envoy. The engine loads with the first regex, so programs without one do not pay for it. */
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

/** Whether the regex matches the whole string, as in Envoy. A regex that RE2 rejects matches nothing. */
export function re2Matches(pattern: string, text: string): boolean {
  const regex = compile(pattern);
  return !(regex instanceof Error) && regex.matches(text);
}

/** What RE2 compiles a regex to: instructions that each name the next one. */
export interface Re2Program {
  readonly start: number;
  readonly inst: readonly Re2Instruction[];
}

export interface Re2Instruction {
  readonly op: number;
  readonly out: number;
  /** The other next instruction of an alternative, or the assertions of an empty width. */
  readonly arg: number;
  matchRune(codePoint: number): boolean;
}

/** The program of a regex, as the engine that matches with it has it; undefined for a regex that RE2 rejects. */
export function re2Program(pattern: string): Re2Program | undefined {
  const regex = compile(pattern);
  // The engine declares no types for what it compiles to. Its version is bundled, and tests hold every instruction against it.
  return regex instanceof Error ? undefined : (regex as unknown as { readonly re2Input: { readonly prog: Re2Program } }).re2Input.prog;
}

/** The string with each match replaced, as in RE2: `\\1` is the first group, `\\0` the match. */
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

/** The problem of a regex: RE2 must accept its syntax, and Istio its length. */
export function re2Problem(what: string, pattern: string): Problem {
  if (pattern === '') return `${what} is an empty regex, which Istio rejects; use a regex that matches the whole value`;
  if (pattern.length > 1024) return `${what} is a regex of ${pattern.length} characters; use at most 1024`;
  const regex = compile(pattern);
  if (!(regex instanceof Error)) return undefined;
  return `${what} '${pattern}' is not a valid RE2 regex (${regex.message}); RE2 supports neither look-around nor back-references`;
}

/** A string with which all begin that a regex matches; as much of it as is plain to see. */
export function literalPrefix(pattern: string): string {
  if (pattern.includes('|')) return '';
  let prefix = '';
  for (let i = 0; i < pattern.length;) {
    const found = LITERAL.exec(pattern.slice(i, i + 2))?.[0];
    if (found === undefined) break;
    i += found.length;
    if (REPEATED.test(pattern[i] ?? '')) break;
    prefix += found[found.length - 1];
  }
  return prefix;
}

/** A character that stands for itself, or is escaped to do so. */
const LITERAL = /^(?:[\w/ %&=:;,<>@!~'"#-]|\\[!-/:-@[-`{-~])/;
const REPEATED = /^[*+?{]/;

/** A regex that matches exactly this string. */
export function re2Quote(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
