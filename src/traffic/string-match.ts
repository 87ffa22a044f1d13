import { acceptedArgument } from './accepted';
import type { Problem } from './problem';
import { re2Problem } from './re2';

/**
 * A condition on a string of a request: an exact value, a prefix, an RE2 regex for the whole string, or presence.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export class StringMatch {
  /** The string must equal `value`. */
  public static exact(value: string): StringMatch {
    value = acceptedArgument('StringMatch.exact', value);
    return new StringMatch('exact', value);
  }

  /** The string must start with `value`. For a path this is a string prefix: `/api` also matches `/apis`. */
  public static prefix(value: string): StringMatch {
    value = acceptedArgument('StringMatch.prefix', value);
    return new StringMatch('prefix', value);
  }

  /** The whole string must match the RE2 regex `pattern`. */
  public static regex(pattern: string): StringMatch {
    pattern = acceptedArgument('StringMatch.regex', pattern);
    return new StringMatch('regex', pattern);
  }

  /**
   * The header or query parameter must be present, with any value. Not for paths, methods, schemes and authorities, which are always
   * present.
   */
  public static present(): StringMatch {
    return new StringMatch('present', '');
  }

  private constructor(
    /** `exact`, `prefix`, `regex` or `present`. */
    public readonly kind: string,
    /** The value, prefix or regex; empty for `present`. */
    public readonly value: string,
  ) {}
}

const KINDS = new Set(['exact', 'prefix', 'regex', 'present']);

/** The problem of a string match. `always` marks strings that every request has. */
export function stringMatchProblem(what: string, match: StringMatch, options: { always?: boolean } = {}): Problem {
  // Plain JavaScript can pass any object that has the fields.
  if (!KINDS.has(match.kind) || typeof match.value !== 'string') return `${what} is not a StringMatch; use StringMatch.exact(), prefix() or regex()`;
  switch (match.kind) {
    case 'regex': return re2Problem(what, match.value);
    case 'prefix': return match.value === '' ? `${what} is an empty prefix, which Istio rejects; use StringMatch.present(), or omit it` : undefined;
    case 'present': return options.always ? `${what} is present in every request; omit it` : undefined;
    default: return match.value === '' && options.always ? `${what} is an empty string, which matches no request; omit it` : undefined;
  }
}

/** A match in Istio's form. Presence is an empty object. */
export function istioStringMatch(match: StringMatch): { exact?: string; prefix?: string; regex?: string } {
  return match.kind === 'present' ? {} : { [match.kind]: match.value };
}
