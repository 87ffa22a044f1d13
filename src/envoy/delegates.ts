import { fieldOutside, mergeMatch } from './delegate-matches';
import type { Note } from './note';
import type { HttpRule, VirtualService } from './virtual-service';
import { isVisible } from '../manifest/export-to';
import type { HTTPRoute } from '../manifest/istio-specs.generated';
import { pathText } from '../manifest/provenance';
import type { WrittenHttpMatch } from '../manifest/written-match';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The fields that a delegate inherits from its root unless it sets them; each as a whole. */
const INHERITED = [
  'rewrite', 'directResponse', 'timeout', 'retries', 'fault', 'mirror', 'mirrorPercent', 'mirrorPercentage', 'corsPolicy', 'mirrors',
  'headers',
] as const;

/**
 * A root with the entries of its delegates in place of the entries that delegate. An entry disappears if its delegate is missing or not
 * exported to the root's namespace. A delegate's entry disappears if one of its matches is wider than the root's.
 */
export function mergeDelegates(root: VirtualService, delegates: ReadonlyMap<string, VirtualService>, notes: Note[]): VirtualService {
  if (!root.http.some(({ spec }) => spec.delegate)) return root;
  const http = root.http.flatMap(rule => {
    if (!rule.spec.delegate) return [rule];
    const key = `${rule.spec.delegate.namespace || root.namespace}/${rule.spec.delegate.name}`;
    const delegate = delegates.get(key);
    const problem = delegate === undefined ? 'is not in the manifests, or has hosts of its own'
      : !isVisible(delegate.exportTo, root.namespace) && 'is not exported to the namespace of its root';
    if (problem) {
      const message = `${pathText(rule.origin.path.slice(1))} delegates to '${key}', which ${problem}; istiod leaves out this entry`;
      notes.push({ object: root.object, message });
      return [];
    }
    return delegate!.http.flatMap(sub => merge(rule, sub) ?? []);
  });
  return { ...root, http };
}

/** A delegate's entry within its root's; undefined if one of its matches is wider. */
function merge(root: HttpRule, delegate: HttpRule): HttpRule | undefined {
  const matches = mergeMatches(root, delegate);
  if (matches === undefined) return undefined;
  const name = [root.spec.name, delegate.spec.name].filter(part => part).join('-');
  const spec: Mutable<HTTPRoute> = { ...delegate.spec, match: matches.map(({ match }) => match), ...name && { name } };
  for (const field of INHERITED) inherit(spec, root.spec, field);
  return { ...delegate, spec, matches: matches.map(({ place }) => place) };
}

function inherit<K extends keyof HTTPRoute>(spec: Mutable<HTTPRoute>, root: HTTPRoute, field: K): void {
  spec[field] ??= root[field];
}

function mergeMatches(root: HttpRule, delegate: HttpRule): { match: WrittenHttpMatch; place: number | undefined }[] | undefined {
  const [outer, inner] = [root.spec.match ?? [], delegate.spec.match ?? []];
  if (outer.length === 0) return inner.map((match, i) => ({ match, place: delegate.matches[i] }));
  if (inner.length === 0) return outer.map(match => ({ match, place: undefined }));
  const merged = inner.map((match, i) => outer.filter(of => fieldOutside(of, match) === undefined)
    .map(of => ({ match: mergeMatch(of, match), place: delegate.matches[i] })));
  return merged.some(found => found.length === 0) ? undefined : merged.flat();
}
