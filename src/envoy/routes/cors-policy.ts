import { parseDuration } from '../../manifest/duration';
import { typed } from '../message';
import type { Json } from '../proxy-config';
import { stringMatcher } from './string-matcher';

/** Istio's CORS policy as the route's configuration of Envoy's CORS filter. */
export function corsConfig(cors: Json): Json {
  const joined = (names: readonly string[] | undefined) => names?.join(',') || undefined;
  const age = parseDuration(cors.maxAge);
  return typed('envoy.extensions.filters.http.cors.v3.CorsPolicy', {
    allowOriginStringMatch: cors.allowOrigins?.map(stringMatcher) ?? cors.allowOrigin?.map((exact: string) => ({ exact })),
    allowMethods: joined(cors.allowMethods),
    allowHeaders: joined(cors.allowHeaders),
    exposeHeaders: joined(cors.exposeHeaders),
    maxAge: age === undefined ? undefined : String(Math.trunc(age / 1e9)),
    allowCredentials: cors.allowCredentials,
    filterEnabled: { defaultValue: { numerator: 100 } },
    forwardNotMatchingPreflights: cors.unmatchedPreflights !== 'IGNORE',
  });
}
