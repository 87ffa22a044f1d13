import type { Problem } from './problem';
import { re2Problem } from './re2';

/**
 * How one text of a request is matched: exactly, by prefix, by an RE2 regex that has to match the whole text, or by being there at all.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export class StringMatch {
  /** The text has to equal `value`. */
  public static exact(value: string): StringMatch {
    return new StringMatch('exact', value);
  }

  /** The text has to start with `value`. For a path this is a plain text prefix: `/api` also matches `/apis`. */
  public static prefix(value: string): StringMatch {
    return new StringMatch('prefix', value);
  }

  /** The whole text has to match the RE2 regex `pattern`. */
  public static regex(pattern: string): StringMatch {
    return new StringMatch('regex', pattern);
  }

  /** The header or query parameter has to be there, whatever its value. Not for paths, methods, schemes and authorities, which always are. */
  public static present(): StringMatch {
    return new StringMatch('present', '');
  }

  private constructor(
    /** `exact`, `prefix`, `regex` or `present`. */
    public readonly kind: string,
    /** The text, prefix or regex; empty for `present`. */
    public readonly value: string,
  ) {}
}

const KINDS = new Set(['exact', 'prefix', 'regex', 'present']);

/** What is wrong with a match, if anything. `always` marks texts that every request has, for which presence says nothing. */
export function stringMatchProblem(what: string, match: StringMatch, options: { always?: boolean } = {}): Problem {
  if (match === undefined || match === null) return `${what} is ${match}; state a StringMatch, or leave the name out`;
  if (!KINDS.has(match.kind)) return `${what} is no StringMatch; use StringMatch.exact(), prefix() or regex()`;
  if (typeof match.value !== 'string') return `${what} is ${match.kind}(${String(match.value)}); state a text`;
  switch (match.kind) {
    case 'regex': return re2Problem(what, match.value);
    case 'prefix': return match.value === '' ? `${what} is an empty prefix, which Istio rejects; use StringMatch.present() or leave it out` : undefined;
    case 'present': return options.always ? `${what} is present in every request; leave it out` : undefined;
    default: return match.value === '' && options.always ? `${what} is an empty text, which no request has; leave it out` : undefined;
  }
}

/** A match as Istio writes it; presence is an empty object. */
export function istioStringMatch(match: StringMatch): { exact?: string; prefix?: string; regex?: string } {
  return match.kind === 'present' ? {} : { [match.kind]: match.value };
}
