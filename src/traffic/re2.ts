import type * as Engine from 're2js';
import type { Objection } from './objection';
import { objectionProblem } from './objection';
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

/** The instructions of RE2's programs. */
export const RE2_OP = {
  ALT: 1, ALT_MATCH: 2, CAPTURE: 3, EMPTY_WIDTH: 4, FAIL: 5, MATCH: 6, NOP: 7, RUNE: 8, RUNE1: 9, ANY: 10, ANY_NOT_NL: 11,
} as const;

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

/** Whether an instruction reads this character. */
export function readsCharacter(instruction: Re2Instruction, character: number): boolean {
  const { op } = instruction;
  if (op === RE2_OP.ANY) return true;
  return op === RE2_OP.ANY_NOT_NL ? character !== 0x0a : op >= RE2_OP.RUNE && instruction.matchRune(character);
}

/** What RE2 writes of a substitution: all before the first backslash with something else than a digit or a backslash behind it. */
export function writtenSubstitution(substitution: string): string {
  return /^(?:[^\\]|\\[\d\\])*/.exec(substitution)![0];
}

/** The string with each match replaced, as in RE2: `\\1` is the first group, `\\0` the match. */
export function re2Replace(pattern: string, text: string, substitution: string): string {
  const regex = compile(pattern);
  if (regex instanceof Error) return text;
  const matcher = regex.matcher(text);
  // RE2 replaces nothing if the substitution names a group that the regex does not have.
  if ([...substitution.matchAll(/\\(\\|\d)/g)].some(([, what]) => Number(what) > matcher.groupCount())) return text;
  const written = writtenSubstitution(substitution);
  const parts: string[] = [];
  let done = 0;
  while (matcher.find()) {
    parts.push(text.slice(done, matcher.start()), written.replace(/\\([0-9\\])/g, (_, what: string) => {
      return what === '\\' ? what : matcher.group(Number(what)) ?? '';
    }));
    done = matcher.end();
  }
  return parts.join('') + text.slice(done);
}

/** The longest regex that Istio accepts, in bytes. */
const LONGEST = 1024;
/** The largest program that a proxy of Istio makes of a regex: `re2.max_program_size.error_level` in its bootstrap. */
const LARGEST_PROGRAM = 32768;

/** What is wrong with a regex: RE2 must accept its syntax, Istio its length, and Envoy the size of its program. */
export function regexObjection(pattern: string): Objection {
  if (pattern === '') return ['is an empty regex, which Istio rejects', 'use a regex that matches the whole value'];
  const size = Buffer.byteLength(pattern);
  if (size > LONGEST) return [`is a regex of ${size} bytes`, `use at most ${LONGEST}`];
  const regex = compile(pattern);
  if (!(regex instanceof Error)) return undefined;
  return [`'${pattern}' is not a valid RE2 regex (${regex.message})`, 'RE2 supports neither look-around nor back-references'];
}

/** The same as the problem of a named value. */
export function re2Problem(what: string, pattern: string): Problem {
  return objectionProblem(what, regexObjection(pattern) ?? envoyRegexObjection(pattern));
}

/**
 * What Envoy has against a regex that Istio accepts. Envoy compiles regexes for bytes, so that a character has no code above FF. Nested
 * repetitions can make a program that is too large; Envoy joins some instructions of alternatives that the engine here counts, so that
 * half of them must be too many.
 */
export function envoyRegexObjection(pattern: string): Objection {
  const regex = compile(pattern);
  if (regex instanceof Error) return undefined;
  const wide = /(?:^|[^\\])(?:\\\\)*(\\x\{0*[0-9a-fA-F]{3,}\})/.exec(pattern)?.[1];
  if (wide !== undefined) return [`is the regex '${pattern}', in which ${wide} is above \\x{FF}`, 'write the character itself'];
  if (!pattern.includes('{')) return undefined;
  const size = /[|*+?]/.test(pattern) ? regex.programSize() / 2 : regex.programSize();
  return size > LARGEST_PROGRAM ? [`is a regex whose program has more than ${LARGEST_PROGRAM} instructions`, 'repeat less'] : undefined;
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
