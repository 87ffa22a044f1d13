import type { UInt64Value } from './proto-values';

/** `envoy.type.matcher.v3.StringMatcher`: one of its conditions is set. */
export interface StringMatcher {
  readonly exact?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly contains?: string;
  readonly safeRegex?: RegexMatcher;
  readonly ignoreCase?: boolean;
}

/** `envoy.type.matcher.v3.RegexMatcher`: RE2, which matches the whole string. */
export interface RegexMatcher { readonly regex: string }

/** `envoy.type.matcher.v3.RegexMatchAndSubstitute`. */
export interface RegexMatchAndSubstitute {
  readonly pattern: RegexMatcher;
  readonly substitution?: string;
}

/** `envoy.config.route.v3.HeaderMatcher`: one condition is set; without a condition the header must be present. */
export interface HeaderMatcher {
  readonly name: string;
  readonly stringMatch?: StringMatcher;
  readonly presentMatch?: boolean;
  readonly rangeMatch?: Int64Range;
  readonly invertMatch?: boolean;
  readonly treatMissingHeaderAsEmpty?: boolean;
  /** Deprecated by Envoy; replaced by `stringMatch`. */
  readonly exactMatch?: string;
  /** Deprecated by Envoy; replaced by `stringMatch`. */
  readonly prefixMatch?: string;
  /** Deprecated by Envoy; replaced by `stringMatch`. */
  readonly suffixMatch?: string;
  /** Deprecated by Envoy; replaced by `stringMatch`. */
  readonly containsMatch?: string;
  /** Deprecated by Envoy; replaced by `stringMatch`. */
  readonly safeRegexMatch?: RegexMatcher;
}

/** `envoy.type.v3.Int64Range`: from `start` to below `end`. */
export interface Int64Range {
  readonly start?: UInt64Value;
  readonly end?: UInt64Value;
}

/** `envoy.config.route.v3.QueryParameterMatcher`. */
export interface QueryParameterMatcher {
  readonly name: string;
  readonly stringMatch?: StringMatcher;
  readonly presentMatch?: boolean;
}

/** `envoy.type.matcher.v3.ListStringMatcher`. */
export interface ListStringMatcher { readonly patterns: readonly StringMatcher[] }

/** `envoy.type.matcher.v3.PathMatcher`: the path without its query. */
export interface PathMatcher { readonly path: StringMatcher }

/** `envoy.type.matcher.v3.MetadataMatcher`: a value that a filter wrote. */
export interface MetadataMatcher {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
  readonly value: ValueMatcher;
  readonly invert?: boolean;
}

/** `envoy.type.matcher.v3.ValueMatcher`: one of its conditions is set. */
export interface ValueMatcher {
  readonly stringMatch?: StringMatcher;
  /** One element of a list matches. */
  readonly listMatch?: { readonly oneOf: ValueMatcher };
  readonly orMatch?: { readonly valueMatchers: readonly ValueMatcher[] };
}

/** `envoy.type.matcher.v3.FilterStateMatcher`. */
export interface FilterStateMatcher {
  readonly key: string;
  readonly stringMatch?: StringMatcher;
}
