import type { GRPCMethodMatch, GRPCRouteMatch, HTTPHeaderMatch, HTTPPathMatch, HTTPRouteMatch } from '../manifest/gateway-api-specs.generated';
import type { HTTPMatchRequest, StringMatch } from '../manifest/istio-specs.generated';

export function httpMatch({ path, headers = [], queryParams = [], method }: HTTPRouteMatch): HTTPMatchRequest {
  return {
    uri: pathMatch(path),
    ...headers.length > 0 && { headers: valuesOf(headers) },
    ...queryParams.length > 0 && { queryParams: valuesOf(queryParams) },
    ...method !== undefined && { method: { exact: method } },
  };
}

export function grpcMatch({ method, headers = [] }: GRPCRouteMatch): HTTPMatchRequest {
  const uri = method && methodMatch(method);
  return { ...uri && { uri }, ...headers.length > 0 && { headers: valuesOf(headers) } };
}

/** Of two conditions on one name, the last counts. */
function valuesOf(conditions: readonly HTTPHeaderMatch[]): { readonly [name: string]: StringMatch } {
  return Object.fromEntries(conditions.map(({ name = '', type, value = '' }) => (
    [name, type === 'RegularExpression' ? { regex: value } : { exact: value }] as const)));
}

function pathMatch({ type = 'PathPrefix', value = '/' }: HTTPPathMatch = {}): StringMatch {
  switch (type) {
    case 'Exact': return { exact: value };
    case 'RegularExpression': return { regex: value };
    default: return { prefix: value === '/' ? value : value.replace(/\/$/, '') };
  }
}

/** The path of a gRPC request is `/service/method`. */
function methodMatch({ type = 'Exact', service, method }: GRPCMethodMatch): StringMatch | undefined {
  if (service === undefined) return method === undefined ? undefined : { regex: `/[^/]+/${method}` };
  if (type === 'RegularExpression') return { regex: `/${service}/${method ?? '.+'}` };
  return method === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` };
}
