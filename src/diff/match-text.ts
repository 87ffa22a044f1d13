import type { RouteTerm } from './route-term';
import type { StringCondition } from '../manifest/string-condition';

/** Which requests a route takes, in words. */
export function describeMatch({ term, rest }: RouteTerm): string {
  const { uri, method, scheme, authority, headers = {}, withoutHeaders = {}, queryParams = {} } = term;
  const parts = [
    ...(uri ? [`path ${condition(uri)}${uri.ignoreCase ? ' in any case' : ''}`] : []),
    ...(method ? [`method ${condition(method)}`] : []),
    ...(scheme ? [`scheme ${condition(scheme)}`] : []),
    ...(authority ? [`host ${condition(authority)}`] : []),
    ...Object.entries(headers).map(([name, c]) => `header ${name} ${condition(c)}`),
    ...Object.entries(withoutHeaders).map(([name, c]) => `no header ${name}${isPresence(c) ? '' : ` ${condition(c)}`}`),
    ...Object.entries(queryParams).map(([name, c]) => `query parameter ${name} ${condition(c)}`),
    ...(rest === '' ? [] : [rest]),
  ];
  return parts.length > 0 ? parts.join(' and ') : 'every request';
}

function isPresence({ exact, prefix, regex }: StringCondition): boolean {
  return exact === undefined && prefix === undefined && regex === undefined;
}

function condition({ exact, prefix, regex }: StringCondition): string {
  if (exact !== undefined) return exact === '' ? 'empty' : exact;
  if (prefix !== undefined) return `${prefix}*`;
  return regex === undefined ? 'present' : `matching ${regex}`;
}
