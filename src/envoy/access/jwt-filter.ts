import type { JWTRule } from '../../manifest/istio-specs.generated';
import { message, typed } from '../message';
import type { HttpFilter } from '../xds/http-connection-manager';
import type { JwtAuthentication, JwtProvider, JwtRequirement } from '../xds/jwt-authn';

/** The claims that are lists of words, whatever a rule says. */
const WORDS = ['permission', 'scope'];

/** The filter that verifies tokens: a token must be valid, and a request without one passes. Undefined without rules. */
export function jwtFilter(rules: readonly JWTRule[], clearsRouteCache: boolean): HttpFilter | undefined {
  if (rules.length === 0) return undefined;
  const names = rules.map((_, place) => `origins-${place}`);
  const optional = names.map(
    (providerName): JwtRequirement => ({ requiresAny: { requirements: [{ providerName }, { allowMissing: {} }] } }),
  );
  const requires: JwtRequirement = names.length === 1 ? optional[0] : {
    requiresAny: { requirements: [...names.map(providerName => ({ providerName })), { requiresAll: { requirements: optional } }] },
  };
  const typedConfig = typed<JwtAuthentication>('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: Object.fromEntries(rules.map((rule, place) => [names[place], provider(rule, clearsRouteCache)])),
    rules: [{ match: { prefix: '/' }, requires }],
    bypassCorsPreflight: true,
  });
  return { name: 'envoy.filters.http.jwt_authn', typedConfig };
}

function provider(rule: JWTRule, clearsRouteCache: boolean): JwtProvider {
  return message<JwtProvider>({
    issuer: rule.issuer || undefined,
    audiences: rule.audiences,
    localJwks: rule.jwks ? { inlineString: rule.jwks } : undefined,
    forward: rule.forwardOriginalToken || undefined,
    forwardPayloadHeader: rule.outputPayloadToHeader || undefined,
    fromHeaders: rule.fromHeaders?.map(({ name = '', prefix }) => message({ name, valuePrefix: prefix || undefined })),
    fromParams: rule.fromParams,
    fromCookies: rule.fromCookies,
    payloadInMetadata: 'payload',
    normalizePayloadInMetadata: { spaceDelimitedClaims: [...new Set([...rule.spaceDelimitedClaims ?? [], ...WORDS])].sort() },
    clearRouteCache: clearsRouteCache || undefined,
    claimToHeaders: rule.outputClaimToHeaders?.map(({ header = '', claim = '' }) => ({ headerName: header, claimName: claim })),
  });
}
