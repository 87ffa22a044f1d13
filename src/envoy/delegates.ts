import type { Note } from './note';
import type { Json } from './proxy-config';
import type { HttpRule, VirtualService } from './virtual-service';
import { list } from './virtual-service';
import { isVisible } from '../manifest/export-to';

/** What a delegate takes over from its root where it says nothing itself; each as a whole. */
const INHERITED = [
  'rewrite', 'directResponse', 'timeout', 'retries', 'fault', 'mirror', 'mirrorPercent', 'mirrorPercentage', 'corsPolicy', 'mirrors', 'headers',
] as const;
const TEXTS = ['uri', 'scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'withoutHeaders', 'queryParams'] as const;

/**
 * A root with the routes of its delegates in their places. A delegate that is missing, or not exported to the root's namespace, makes
 * its rule vanish; so does a match that is wider than the root's.
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
      notes.push({ object: root.object, message: `http[${rule.rule}] delegates to '${key}', which ${problem}: istiod leaves this rule out` });
      return [];
    }
    return delegate!.http.flatMap(sub => merge(rule, sub) ?? []);
  });
  return { ...root, http };
}

/** A delegate's rule within its root's; undefined where one of its matches is outside. */
function merge(root: HttpRule, delegate: HttpRule): HttpRule | undefined {
  const matches = mergeMatches(root, delegate);
  if (matches === undefined) return undefined;
  const name = [root.spec.name, delegate.spec.name].filter(part => part).join('-');
  const spec: Json = { ...delegate.spec, match: matches.map(({ match }) => match), ...name && { name } };
  for (const field of INHERITED) spec[field] ??= root.spec[field];
  return { ...delegate, spec, matches: matches.map(({ place }) => place) };
}

function mergeMatches(root: HttpRule, delegate: HttpRule): { match: Json; place: number | undefined }[] | undefined {
  const [outer, inner] = [list(root.spec.match), list(delegate.spec.match)];
  if (outer.length === 0) return inner.map((match, i) => ({ match, place: delegate.matches[i] }));
  if (inner.length === 0) return outer.map(match => ({ match, place: undefined }));
  const merged = inner.map((match, i) => outer.filter(of => !isOutside(of, match))
    .map(of => ({ match: mergeMatch(of, match), place: delegate.matches[i] })));
  return merged.some(found => found.length === 0) ? undefined : merged.flat();
}

function mergeMatch(root: Json, delegate: Json): Json {
  const match: Json = { ...root, ...delegate };
  const name = [root.name, delegate.name].filter(part => part).join('-');
  if (name) match.name = name;
  for (const map of [...MAPS, 'sourceLabels']) if (root[map] || delegate[map]) match[map] = { ...root[map], ...delegate[map] };
  if (list(delegate.gateways).length === 0) match.gateways = root.gateways;
  for (const field of ['port', 'sourceNamespace', 'statPrefix']) match[field] = delegate[field] || root[field];
  match.ignoreUriCase = delegate.ignoreUriCase;
  return match;
}

/** Whether a delegate's match may take requests that its root's does not. */
function isOutside(root: Json, leaf: Json): boolean {
  if (TEXTS.some(field => isWider(root[field], leaf[field]))) return true;
  if (MAPS.some(map => Object.keys(leaf[map] ?? {}).some(name => isWider(root[map]?.[name], leaf[map][name])))) return true;
  if (Boolean(root.ignoreUriCase) !== Boolean(leaf.ignoreUriCase)) return true;
  if (root.port && leaf.port && root.port !== leaf.port) return true;
  if (root.sourceNamespace && leaf.sourceNamespace !== root.sourceNamespace) return true;
  const labels = root.sourceLabels ?? {};
  if (Object.entries(leaf.sourceLabels ?? {}).some(([key, value]) => labels[key] !== undefined && labels[key] !== value)) return true;
  const [outer, inner] = [list(root.gateways), list(leaf.gateways)];
  return outer.length > 0 && inner.length > 0 && (outer.length < inner.length || inner.some(gateway => !outer.includes(gateway)));
}

/** Whether a delegate's condition on a text is wider than its root's, as Istio decides it: a regex beside anything counts as wider. */
function isWider(root: Json, leaf: Json): boolean {
  if (root === undefined || leaf === undefined) return false;
  const stated = (condition: Json) => Boolean(condition.exact || condition.prefix || condition.regex);
  if ((root.regex && stated(leaf)) || (leaf.regex && stated(root))) return true;
  if (root.exact) return leaf.exact !== root.exact;
  if (root.prefix && (leaf.prefix || leaf.exact)) return !(leaf.prefix || leaf.exact).startsWith(root.prefix);
  return true;
}
