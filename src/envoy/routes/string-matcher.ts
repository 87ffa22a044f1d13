import type { Json } from '../proxy-config';

/** Istio's StringMatch as Envoy's StringMatcher; undefined where it states nothing. */
export function stringMatcher(match: Json): Json {
  if (match?.exact !== undefined) return { exact: String(match.exact) };
  if (match?.prefix !== undefined) return { prefix: String(match.prefix) };
  return match?.regex === undefined ? undefined : { safeRegex: { regex: String(match.regex) } };
}

/** Whether a StringMatch says only that there is something. */
export function isPresence(match: Json): boolean {
  return stringMatcher(match) === undefined || match.regex === '*';
}
