import { hostProblem } from './name';
import { objectionProblem } from './objection';
import type { Problem } from './problem';
import { re2Problem } from './re2';
import { singleLineObjection } from './single-line';
import { dollarObjection, escapeObjection, groupObjection } from './substitution-objection';

/**
 * A rewrite with an RE2 regex.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RegexRewrite
 */
export interface RegexRewrite {
  /** The RE2 regex. Each match in the path is replaced. */
  readonly match: string;
  /** The replacement; `\1` is the first group. */
  readonly rewrite: string;
}

/**
 * How a request is changed before it is forwarded.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite
 */
export interface Rewrite {
  /**
   * Replaces the part of the path that `uri` matched: the prefix, or the whole path for an exact match or a regex.
   * @default - the path stays
   */
  readonly uri?: string;
  /**
   * The new Host header.
   * @default - the host stays
   */
  readonly authority?: string;
  /**
   * Replaces parts of the path by regex. Cannot be combined with `uri`.
   * @default - the path stays
   */
  readonly uriRegexRewrite?: RegexRewrite;
}

/** The problem of a rewrite. */
export function rewriteProblem({ uri, authority, uriRegexRewrite }: Rewrite): Problem {
  if (uri === undefined && authority === undefined && uriRegexRewrite === undefined) {
    return 'rewrite is empty; set uri, authority or uriRegexRewrite';
  }
  if (uri !== undefined && uriRegexRewrite) {
    return 'rewrite sets both uri and uriRegexRewrite, and Istio accepts only one; omit one of them';
  }
  if (uri !== undefined && !uri.startsWith('/')) return `rewrite.uri '${uri}' is not a path; start it with '/'`;
  if (authority === '') return 'rewrite.authority is empty; set a host, or omit it';
  return (authority === undefined ? undefined : hostProblem('rewrite.authority', authority.replace(/:\d+$/, ''), { wildcard: false }))
    ?? (uri === undefined ? undefined : objectionProblem('rewrite.uri', singleLineObjection(uri)))
    ?? (uriRegexRewrite && regexRewriteProblem(uriRegexRewrite));
}

function regexRewriteProblem({ match, rewrite }: RegexRewrite): Problem {
  return (
    re2Problem('rewrite.uriRegexRewrite.match', match) ?? objectionProblem('rewrite.uriRegexRewrite.rewrite', singleLineObjection(rewrite))
    ?? objectionProblem('rewrite.uriRegexRewrite.rewrite:',
      dollarObjection(rewrite) ?? escapeObjection(rewrite) ?? groupObjection(match, rewrite))
  );
}
