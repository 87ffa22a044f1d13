import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../manifest/istio-specs.generated';

/** The entries of routes in the order in which they win, as the Gateway API demands. Equal entries keep their order. */
export function sorted<R extends { readonly entry: HTTPRoute }>(rules: readonly R[]): R[] {
  return [...rules].sort((a, b) => precedence(a.entry, b.entry));
}

function precedence(a: HTTPRoute, b: HTTPRoute): number {
  const [first, second] = [a.match?.[0], b.match?.[0]];
  if (!first || !second) return Number(!first) - Number(!second);
  return rank(second.uri) - rank(first.uri)
    || lengthOf(second.uri) - lengthOf(first.uri)
    || Number(!first.method) - Number(!second.method)
    || count(second.headers) - count(first.headers)
    || count(second.queryParams) - count(first.queryParams);
}

/** An exact path comes before a prefix, a prefix before a regex, and any path before none. */
function rank(uri: StringMatch | undefined): number {
  if (uri?.exact !== undefined) return 3;
  if (uri?.prefix !== undefined) return 2;
  return uri?.regex !== undefined ? 1 : -1;
}

/** In bytes, as Go counts. */
function lengthOf(uri: StringMatch = {}): number {
  return Buffer.byteLength(uri.exact ?? uri.prefix ?? uri.regex ?? '');
}

function count(conditions: HTTPMatchRequest['headers']): number {
  return Object.keys(conditions ?? {}).length;
}
