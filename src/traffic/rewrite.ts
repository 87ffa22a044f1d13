import { hostProblem } from './name';
import type { Problem } from './problem';
import { re2Problem } from './re2';

/**
 * A rewrite by RE2 regex.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RegexRewrite
 */
export interface RegexRewrite {
  /** The regex whose matches in the path are replaced. */
  readonly match: string;
  /** What replaces them; `\1` is the first group. */
  readonly rewrite: string;
}

/**
 * How a request is changed before it is sent on.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite
 */
export interface Rewrite {
  /**
   * Replaces what the route's `uri` matched: the prefix, or after an exact or regex match the whole path.
   * @default - the path stays
   */
  readonly uri?: string;
  /**
   * The new Host header.
   * @default - the host stays
   */
  readonly authority?: string;
  /**
   * Replaces parts of the path by regex. Not beside `uri`.
   * @default - the path stays
   */
  readonly uriRegexRewrite?: RegexRewrite;
}

/** What is wrong with a rewrite, if anything. */
export function rewriteProblem({ uri, authority, uriRegexRewrite }: Rewrite): Problem {
  if (uri === undefined && authority === undefined && uriRegexRewrite === undefined) return 'rewrite is empty; state uri, authority or uriRegexRewrite';
  if (uri !== undefined && uriRegexRewrite) return 'rewrite states uri and uriRegexRewrite, of which Istio takes one; leave one out';
  if (uri !== undefined && !uri.startsWith('/')) return `rewrite.uri '${uri}' is not a path; start it with '/'`;
  if (authority === '') return 'rewrite.authority is empty; name a host, or leave it out';
  return (authority === undefined ? undefined : hostProblem('rewrite.authority', authority.replace(/:\d+$/, ''), { wildcard: false }))
    ?? (uriRegexRewrite && re2Problem('rewrite.uriRegexRewrite.match', uriRegexRewrite.match));
}
