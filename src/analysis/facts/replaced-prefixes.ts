import type { VirtualService } from './virtual-services';
import type { HTTPRoute } from '../../manifest/istio-specs.generated';

/** A prefix of the path that a rewrite or a redirect replaces. */
export interface ReplacedPrefix {
  readonly route: HTTPRoute;
  /** The prefix that Envoy takes off. */
  readonly prefix: string;
  /** What Envoy puts in its place. */
  readonly by: string;
  /** The field of the replacement. */
  readonly path: string;
  /** The place of the prefix; undefined where the route has no condition on the path. */
  readonly matchPath?: string;
}

/** The prefixes that the rewrites and redirects of a VirtualService replace. */
export function replacedPrefixes({ spec }: VirtualService): ReplacedPrefix[] {
  return (spec?.http ?? []).flatMap((route, r) => {
    const { rewrite, redirect, match: matches = [] } = route;
    const by = rewrite?.uri || redirect?.prefixRewrite;
    if (!by) return [];
    const path = `spec.http[${r}].${rewrite?.uri ? 'rewrite.uri' : 'redirect.prefixRewrite'}`;
    if (matches.length === 0) return [{ route, prefix: '/', by, path }];
    return matches.flatMap(({ uri }, m) => {
      if (!uri) return [{ route, prefix: '/', by, path }];
      return uri.prefix === undefined ? [] : [{ route, prefix: uri.prefix, by, path, matchPath: `spec.http[${r}].match[${m}].uri.prefix` }];
    });
  });
}

/** The replacements of which each is told once, by its field. */
export function onePerField(all: readonly ReplacedPrefix[]): ReplacedPrefix[] {
  return [...new Map(all.map(one => [one.path, one] as const).reverse()).values()].reverse();
}
