import type { Problem } from './problem';
import { RE2_OP, re2Program, readsCharacter } from './re2';
import type { StringMatch } from './string-match';

const SEPARATOR = ';'.codePointAt(0)!;

/**
 * The problem of a condition on a cookie. All cookies are in one header, so the condition becomes a part of a regex: it must stay within
 * the value, and an anchor in it would never match.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1
 */
export function cookieValueProblem(what: string, { kind, value }: StringMatch): Problem {
  if (kind !== 'regex') return value.includes(';') ? `${what} is '${value}', and ';' ends a cookie; use a value without it` : undefined;
  const inst = re2Program(value)?.inst ?? [];
  if (inst.some(({ op }) => op === RE2_OP.EMPTY_WIDTH)) {
    return `${what} is the regex '${value}' with an anchor such as ^, $ or \\b, which never matches inside the cookie header; `
      + 'omit it, the regex always applies to the whole value';
  }
  return inst.some(each => readsCharacter(each, SEPARATOR))
    ? `${what} is the regex '${value}', which can match ';' and so the cookies after this one; exclude ';', for example with [^;]* instead of .*` : undefined;
}
