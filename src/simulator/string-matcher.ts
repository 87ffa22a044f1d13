import { startsWithIgnoringCase } from './path';
import { Refusal } from './refusal';
import type { StringMatcher as StringMatch } from '../envoy/xds/matcher';
import { re2Matches, re2Problem } from '../traffic/re2';

/** A compiled condition on a string. */
export interface StringMatcher {
  readonly takes: (text: string) => boolean;
  /** The condition after "must", such as `be 'internal'`. */
  readonly words: string;
}

/** Compiles Envoy's StringMatcher. Throws if Envoy would reject it. */
export function stringMatcher(match: StringMatch): StringMatcher {
  const fold = match.ignoreCase === true;
  const same = (text: string) => (fold ? text.toLowerCase() : text);
  const note = fold ? ', ignoring case' : '';
  if (match.exact !== undefined) {
    const exact = same(match.exact);
    return { takes: text => same(text) === exact, words: `be '${match.exact}'${note}` };
  }
  if (match.prefix !== undefined) {
    const { prefix } = match;
    return {
      takes: fold ? text => startsWithIgnoringCase(text, prefix) : text => text.startsWith(prefix),
      words: `start with '${prefix}'${note}`,
    };
  }
  if (match.suffix !== undefined) {
    const suffix = same(match.suffix);
    return { takes: text => same(text).endsWith(suffix), words: `end in '${match.suffix}'${note}` };
  }
  if (match.contains !== undefined) {
    const part = same(match.contains);
    return { takes: text => same(text).includes(part), words: `contain '${match.contains}'${note}` };
  }
  if (match.safeRegex !== undefined) return regexMatcher(match.safeRegex.regex);
  if (Object.keys(match).length === 0) throw new Refusal('a condition on a string is empty');
  throw new Error(`the simulator does not know the string condition ${JSON.stringify(match)}`);
}

/** Compiles an RE2 regex, which must match the whole string. */
export function regexMatcher(regex: string): StringMatcher {
  const problem = re2Problem('a condition', regex);
  if (problem !== undefined) throw new Refusal(problem);
  return { takes: text => re2Matches(regex, text), words: `match the regex ${regex}` };
}
