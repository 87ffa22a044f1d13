import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../manifest/istio-specs.generated';

/** Whether no rule takes all other requests, which get 404. */
export function isOpen(http: readonly HTTPRoute[]): boolean {
  return http.every(({ match = [] }) => match.length > 0 && !match.some(isUnconditional));
}

/** Whether an alternative has no condition, or only the prefix that every path has. */
export function isUnconditional({ ignoreUriCase: _, name: __, statPrefix: ___, ...conditions }: HTTPMatchRequest): boolean {
  const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
  return given.every(([name, value]) => name === 'uri' && (value as StringMatch).prefix === '/');
}
