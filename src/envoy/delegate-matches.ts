import type { StringMatch } from '../manifest/istio-specs.generated';
import type { Written, WrittenField, WrittenHttpMatch } from '../manifest/written-match';
import { WRITTEN_FIELDS } from '../manifest/written-match';
import type { FieldOf } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** How istiod merges a field of a delegate's match with its root's. */
interface Merging<V> {
  merged(root: V | undefined, own: V | undefined): V | undefined;
  /** Where the delegate's value is wider than the root's: `''` for the field, `['x']` for a name in it. */
  conflict(root: V | undefined, own: V | undefined): string | undefined;
}

type Named<V> = { readonly [name: string]: V };
type HttpShape = (typeof HTTP_MATCH_FIELDS)[WrittenField]['shape'];

const ofStringMatch: Merging<StringMatch> = {
  merged: (root, own) => own ?? root, conflict: (root, own) => where(isWider(root, own)),
};
const ofStringMatches: Merging<Named<StringMatch>> = { merged: byName, conflict: named(isWider) };

const MERGINGS: { readonly [S in HttpShape]: Merging<Written[S]> } = {
  'path': ofStringMatch,
  'string-match': ofStringMatch,
  'string-matches': ofStringMatches,
  'absences': ofStringMatches,
  'port': { merged: (root, own) => own || root, conflict: (root, own) => where(Boolean(root && own) && root !== own) },
  'string': { merged: (root, own) => own || root, conflict: (root, own) => where(Boolean(root) && root !== own) },
  'labels': { merged: byName, conflict: named((root, own) => root !== undefined && root !== own) },
  'gateways': { merged: (root, own = []) => (own.length > 0 ? own : root), conflict: (root, own) => where(hasOthers(root, own)) },
  'flag': { merged: (_, own) => own, conflict: (root, own) => where(Boolean(root) !== Boolean(own)) },
  'name': { merged: (root, own) => own || root, conflict: () => undefined },
};

/** Whether istiod joins both names. */
const IS_JOINED: { readonly [F in FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: 'name' }>]: boolean } = {
  name: true, statPrefix: false,
};

function mergingOf(field: WrittenField): Merging<unknown> {
  return MERGINGS[HTTP_MATCH_FIELDS[field].shape];
}

/** The match of a delegate, merged with its root's. */
export function mergeMatch(root: WrittenHttpMatch, own: WrittenHttpMatch): WrittenHttpMatch {
  const match: { [field: string]: unknown } = {};
  for (const field of WRITTEN_FIELDS) {
    const isJoined = field in IS_JOINED && IS_JOINED[field as keyof typeof IS_JOINED];
    const joined = () => [root[field], own[field]].filter(Boolean).join('-') || undefined;
    const value = isJoined ? joined() : mergingOf(field).merged(root[field], own[field]);
    if (value !== undefined) match[field] = value;
  }
  return match;
}

/** The field, with the name in a map, by which a delegate's match may take requests that its root's does not. */
export function fieldOutside(root: WrittenHttpMatch, own: WrittenHttpMatch): string | undefined {
  for (const field of WRITTEN_FIELDS) {
    const conflict = mergingOf(field).conflict(root[field], own[field]);
    if (conflict !== undefined) return `${field}${conflict}`;
  }
  return undefined;
}

function where(isOutside: boolean): string | undefined {
  return isOutside ? '' : undefined;
}

function byName<V>(root: Named<V> | undefined, own: Named<V> | undefined): Named<V> | undefined {
  return root || own ? { ...root, ...own } : undefined;
}

function named<V>(conflict: (root: V | undefined, own: V) => boolean) {
  return (root: Named<V> = {}, own: Named<V> = {}): string | undefined => {
    const name = Object.keys(own).find(key => conflict(Object.hasOwn(root, key) ? root[key] : undefined, own[key]));
    return name === undefined ? undefined : `['${name}']`;
  };
}

/** Whether a delegate's condition on a string is wider than its root's, as istiod decides it: a regex beside anything counts as wider. */
function isWider(root: StringMatch | undefined, own: StringMatch | undefined): boolean {
  if (root === undefined || own === undefined) return false;
  const isStated = (condition: StringMatch) => Boolean(condition.exact || condition.prefix || condition.regex);
  if ((root.regex && isStated(own)) || (own.regex && isStated(root))) return true;
  if (root.exact) return own.exact !== root.exact;
  const text = own.prefix || own.exact;
  return root.prefix && text ? !text.startsWith(root.prefix) : true;
}

/** Whether a delegate names Gateways that its root does not. */
function hasOthers(root: readonly string[] = [], own: readonly string[] = []): boolean {
  return root.length > 0 && own.length > 0 && (root.length < own.length || own.some(gateway => !root.includes(gateway)));
}
