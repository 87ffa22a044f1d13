import type { Problem } from './problem';
import { problem } from './problem';
import type { HTTPHeader, HTTPHeaderFilter } from '../manifest/gateway-api-specs.generated';
import type { HeaderOperations, Headers } from '../manifest/istio-specs.generated';

/** A filter of a rule or of a backend, as far as it changes headers. */
interface HeaderFilters {
  readonly type?: string;
  readonly requestHeaderModifier?: HTTPHeaderFilter;
  readonly responseHeaderModifier?: HTTPHeaderFilter;
}

/** The headers that filters change. Of two filters of one type, the last counts. */
export function headersOf(filters: readonly HeaderFilters[]): { readonly headers?: Headers; readonly problem?: Problem } {
  let headers: Headers | undefined;
  for (const { type, requestHeaderModifier, responseHeaderModifier } of filters) {
    const [field, modifier] = type === 'RequestHeaderModifier' ? ['request', requestHeaderModifier] as const
      : type === 'ResponseHeaderModifier' ? ['response', responseHeaderModifier] as const : ['request', undefined] as const;
    if (modifier === undefined) continue;
    const invalid = [...modifier.set ?? [], ...modifier.add ?? []].find(({ value = '' }) => !isHeaderValue(value));
    if (invalid) return { problem: problem('InvalidFilter', `the value of header '${invalid.name}' has invalid characters`) };
    headers = { ...headers, [field]: operations(modifier) };
  }
  return headers ? { headers } : {};
}

function operations({ set = [], add = [], remove = [] }: HTTPHeaderFilter): HeaderOperations {
  return {
    ...set.length > 0 && { set: byName(set) }, ...add.length > 0 && { add: byName(add) }, ...remove.length > 0 && { remove },
  };
}

/** Header names ignore case; of two, the first counts. */
function byName(headers: readonly HTTPHeader[]): { [name: string]: string } {
  const values: { [name: string]: string } = {};
  for (const { name = '', value = '' } of headers) values[name.toLowerCase()] ??= value;
  return values;
}

function isHeaderValue(value: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value);
}
