import type { StringMatch } from '../../manifest/istio-specs.generated';
import type { StringMatcher } from '../xds/matcher';

/** Istio's StringMatch as Envoy's StringMatcher; undefined where it states nothing. */
export function stringMatcher({ exact, prefix, regex }: StringMatch): StringMatcher | undefined {
  if (exact !== undefined) return { exact };
  if (prefix !== undefined) return { prefix };
  return regex === undefined ? undefined : { safeRegex: { regex } };
}

/** Whether a StringMatch says only that there is something. */
export function isPresence(match: StringMatch): boolean {
  return stringMatcher(match) === undefined || match.regex === '*';
}
