import type { Any, DataSource, HttpUri } from './core';
import type { Duration, Empty } from './proto-values';
import type { RouteMatch } from './route';

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication`. */
export interface JwtAuthentication extends Any<'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication'> {
  readonly providers?: { readonly [name: string]: JwtProvider };
  readonly rules?: readonly JwtRequirementRule[];
  readonly bypassCorsPreflight?: boolean;
}

/** `envoy.extensions.filters.http.jwt_authn.v3.RequirementRule`. */
export interface JwtRequirementRule {
  readonly match: RouteMatch;
  readonly requires?: JwtRequirement;
}

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement`: one of its fields is set. */
export interface JwtRequirement {
  readonly providerName?: string;
  readonly requiresAny?: JwtRequirementList;
  readonly requiresAll?: JwtRequirementList;
  readonly allowMissing?: Empty;
}

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList` and `JwtRequirementAndList`. */
export interface JwtRequirementList { readonly requirements: readonly JwtRequirement[] }

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtProvider`. */
export interface JwtProvider {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly localJwks?: DataSource;
  readonly remoteJwks?: { readonly httpUri: HttpUri; readonly cacheDuration?: Duration };
  readonly forward?: boolean;
  readonly fromHeaders?: readonly JwtHeader[];
  readonly fromParams?: readonly string[];
  readonly fromCookies?: readonly string[];
  readonly forwardPayloadHeader?: string;
  readonly payloadInMetadata?: string;
  readonly normalizePayloadInMetadata?: { readonly spaceDelimitedClaims?: readonly string[] };
  readonly clearRouteCache?: boolean;
  readonly claimToHeaders?: readonly JwtClaimToHeader[];
}

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtHeader`. */
export interface JwtHeader {
  readonly name: string;
  readonly valuePrefix?: string;
}

/** `envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader`. */
export interface JwtClaimToHeader {
  readonly headerName: string;
  readonly claimName: string;
}
