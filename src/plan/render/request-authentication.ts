import type { RequestAuthenticationSpec, RequestAuthenticationSpecJwtRules } from '../../../imports/security.istio.io';
import type { TokenRule } from '../model/access';

/** The entries of a RequestAuthentication, without its selector. */
export function requestAuthentication(tokens: readonly TokenRule[]): RequestAuthenticationSpec {
  const texts = [...new Set(tokens.map(({ rule }) => JSON.stringify(rule)))].sort();
  return { jwtRules: texts.map(text => JSON.parse(text) as RequestAuthenticationSpecJwtRules) };
}
