import { stringMatcher } from './string-matcher';
import { parseDuration } from '../../manifest/duration';
import type { CorsPolicy as StatedCorsPolicy } from '../../manifest/istio-specs.generated';
import { typed } from '../message';
import type { CorsPolicy } from '../xds/http-filters';

/** Istio's CORS policy as a route's configuration of Envoy's CORS filter. */
export function corsConfig(cors: StatedCorsPolicy): CorsPolicy {
  const joined = (names: readonly string[] | undefined) => names?.join(',') || undefined;
  const age = parseDuration(cors.maxAge);
  return typed<CorsPolicy>('envoy.extensions.filters.http.cors.v3.CorsPolicy', {
    allowOriginStringMatch: cors.allowOrigins?.map(origin => stringMatcher(origin) ?? {}) ?? cors.allowOrigin?.map(exact => ({ exact })),
    allowMethods: joined(cors.allowMethods),
    allowHeaders: joined(cors.allowHeaders),
    exposeHeaders: joined(cors.exposeHeaders),
    maxAge: age === undefined ? undefined : `${Math.trunc(age / 1e9)}`,
    allowCredentials: cors.allowCredentials,
    filterEnabled: { defaultValue: { numerator: 100 } },
    forwardNotMatchingPreflights: cors.unmatchedPreflights !== 'IGNORE',
  });
}
