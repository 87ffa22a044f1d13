import type { StringMatch } from '../../manifest/istio-specs.generated';
import type { StringMatcher } from '../xds/matcher';

/** Istio's StringMatch as Envoy's StringMatcher; undefined if it is empty. */
export function stringMatcher({ exact, prefix, regex }: StringMatch): StringMatcher | undefined {
  if (exact !== undefined) return { exact };
  if (prefix !== undefined) return { prefix };
  return regex === undefined ? undefined : { safeRegex: { regex } };
}

/** Whether a StringMatch only requires presence. */
export function isPresence(match: StringMatch): boolean {
  return stringMatcher(match) === undefined || match.regex === '*';
}
