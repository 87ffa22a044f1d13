import { fieldWords } from './field-words';
import type { CorsPolicy } from '../envoy/xds/http-filters';
import type { StringMatcher } from '../envoy/xds/matcher';
import type { HashPolicy } from '../envoy/xds/route';

/** A CORS policy in words. */
export function describeCors({ '@type': _, filterEnabled: __, ...policy }: CorsPolicy): string {
  const { allowOriginStringMatch = [], allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials, ...others } = policy;
  const { forwardNotMatchingPreflights, ...rest } = others;
  const stated = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`${name} ${String(value).split(',').join(', ')}`];
  return [
    `origins ${allowOriginStringMatch.map(matcherWords).join(', ') || 'none'}`,
    ...stated('methods', allowMethods), ...stated('headers', allowHeaders), ...stated('exposed headers', exposeHeaders),
    ...(maxAge === undefined ? [] : [`kept for ${maxAge} s`]),
    ...(allowCredentials === undefined ? [] : [allowCredentials ? 'with credentials' : 'without credentials']),
    ...(forwardNotMatchingPreflights === undefined ? []
      : [`preflights of other origins ${forwardNotMatchingPreflights ? 'go to the service' : 'are answered by the proxy'}`]),
    ...(Object.keys(rest).length === 0 ? [] : [fieldWords(rest)]),
  ].join('; ');
}

/** A matcher of strings in words. */
export function matcherWords({ exact, prefix, suffix, contains, safeRegex, ...others }: StringMatcher): string {
  const texts = [
    ...(exact === undefined ? [] : [exact]),
    ...(prefix === undefined ? [] : [`prefix ${prefix}`]),
    ...(suffix === undefined ? [] : [`suffix ${suffix}`]),
    ...(contains === undefined ? [] : [`containing ${contains}`]),
    ...(safeRegex === undefined ? [] : [`regex ${safeRegex.regex}`]),
    ...(Object.keys(others).length === 0 ? [] : [`(${fieldWords(others)})`]),
  ];
  return texts.join(' ');
}

/** What requests are hashed by, in words; the first that a request has counts with the others. */
export function describeHashPolicies(policies: readonly HashPolicy[]): string {
  return policies.map(hashWords).join(', then ');
}

function hashWords({ header, cookie, connectionProperties, queryParameter, ...others }: HashPolicy): string {
  const { name, ttl, path, attributes = [], ...ofCookie } = cookie ?? { name: '' };
  const attributeWords = attributes.map(attribute => [attribute.name, ...(attribute.value ? [attribute.value] : [])].join('='));
  const more = [
    ...(ttl === undefined ? [] : [ttl === '0s' ? 'set for the session' : `set for ${ttl}`]),
    ...(path === undefined ? [] : [`path ${path}`]), ...attributeWords,
    ...(Object.keys(ofCookie).length === 0 ? [] : [fieldWords(ofCookie)]),
  ];
  return [
    ...(header ? [`header ${header.headerName}`, fieldWords({ ...header, headerName: undefined })] : []),
    ...(cookie ? [`cookie ${name}${more.length === 0 ? '' : ` (${more.join(', ')})`}`] : []),
    ...(connectionProperties?.sourceIp ? ['address of the caller'] : connectionProperties ? [fieldWords({ connectionProperties })] : []),
    ...(queryParameter ? [`query parameter ${queryParameter.name}`, fieldWords({ ...queryParameter, name: undefined })] : []),
    fieldWords(others),
  ].filter(text => text !== '').join(' ');
}
