import type { Breach } from './breach';
import { parseDuration } from '../../manifest/duration';
import type { FieldPath } from '../../manifest/provenance';

/** The fields of a manifest that a field of an Envoy message is made from, by the path of the message's field without list positions. */
export type FieldOrigins = readonly (readonly [prefix: string, fields: readonly string[]])[];

/** The fields of an entry of `http` that the fields of a route are made from. */
export const ROUTE_ORIGINS: FieldOrigins = [
  ['match', ['match']],
  ['redirect', ['redirect']],
  ['directResponse', ['directResponse']],
  ['route.retryPolicy', ['retries']],
  ['route.timeout', ['timeout']],
  ['route.maxGrpcTimeout', ['timeout']],
  ['route.weightedClusters', ['route']],
  ['route.requestMirrorPolicies', ['mirror', 'mirrors']],
  ['route', ['rewrite', 'headers', 'route']],
  ['requestHeaders', ['headers', 'route']],
  ['responseHeaders', ['headers', 'route']],
  ['typedPerFilterConfig.envoy.filters.http.fault', ['fault']],
  ['typedPerFilterConfig.envoy.filters.http.cors', ['corsPolicy']],
  ['', ['redirect']],
];

/** The fields of a DestinationRule that the fields of clusters and hash policies are made from. */
export const POLICY_ORIGINS: FieldOrigins = [['', ['trafficPolicy', 'subsets']]];

/**
 * The field of a manifest's object that a breach comes from: the one with the value, else the first that the message's field is made from.
 */
export function fieldOf(breach: Breach, object: object, origins: FieldOrigins): FieldPath {
  const stated = object as { readonly [field: string]: unknown };
  const path = breach.path.filter(step => typeof step === 'string').join('.');
  const fields = origins.find(([prefix]) => path.startsWith(prefix))?.[1].filter(field => stated[field] !== undefined) ?? [];
  const found: FieldPath[] = [];
  for (const field of fields) addPlaces(stated[field], breach.value, [field], found);
  const last = breach.path[breach.path.length - 1];
  const same = found.find(place => place[place.length - 1] === last) ?? found[0];
  if (same) return same;
  const [field] = fields;
  if (field === undefined || origins === POLICY_ORIGINS) return [];
  const inner = stated[field];
  return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, last) ? [field, last] : [field];
}

/** Adds the places of a value, and of an entry with it as the key. */
function addPlaces(stated: unknown, value: unknown, path: FieldPath, found: FieldPath[]): void {
  if (isSame(stated, value)) found.push(path);
  if (typeof stated !== 'object' || stated === null) return;
  for (const [key, inner] of Object.entries(stated)) {
    const place = [...path, Array.isArray(stated) ? Number(key) : key];
    if (key === value) found.push(place);
    addPlaces(inner, value, place, found);
  }
}

function isSame(stated: unknown, value: unknown): boolean {
  if (typeof stated !== 'string' && typeof stated !== 'number') return false;
  if (stated === value || String(stated) === value) return true;
  if (typeof stated !== 'string' || typeof value !== 'string' || !value.endsWith('s')) return false;
  const nanoseconds = parseDuration(stated);
  return nanoseconds !== undefined && nanoseconds === parseDuration(value);
}
