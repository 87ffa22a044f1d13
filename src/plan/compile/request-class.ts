import type { MatchTerm } from '../../manifest/condition';
import { isTermWithin } from '../../manifest/match-algebra';
import type { PathCondition, StringCondition } from '../../manifest/string-condition';
import type { PublicHostAudience } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { Decoration } from '../model/statements';
import { receiving } from '../model/target';

/**
 * What all requests of one kind have in common where an access rule judges them. A missing field may have any value.
 */
export interface RequestClass {
  /** The host, without a port: a name, or a wildcard such as `*.example.com`. */
  readonly host?: string;
  /** The path, without query. */
  readonly path?: StringCondition;
  readonly method?: string;
  /** Headers by lower-case name that every request has with this value, or, if undefined, that no request has. */
  readonly headers?: ReadonlyMap<string, string | undefined>;
  /** Whether Envoy sees only connections, so that Istio omits rules that allow requests. */
  readonly isConnection?: boolean;
  /** Whether callers have no identity. */
  readonly isAnonymous?: boolean;
  /** How the server name of the connection starts, if it has one. */
  readonly serverName?: string;
}

/** The requests that a public host sends to the pods of a service by these entries. */
export function requestClasses(host: PublicHostAudience, entries: readonly Entry[], service: string): readonly RequestClass[] {
  const taken: MatchTerm[] = [];
  return entries.flatMap(entry => {
    // Earlier entries may together take all requests of a later one.
    const terms = (entry.terms.length > 0 ? entry.terms : [{}]).filter(term => !taken.some(earlier => isTermWithin(term, earlier)));
    taken.push(...terms);
    if (entry.answer || !receiving(entry.shares).some(({ target }) => target.host === service)) return [];
    const headers = changedHeaders(entry);
    const authority = setsHost(entry) ? undefined : (entry.rewrite.authority ?? host.host).replace(/:\d+$/, '');
    return terms.map((term): RequestClass => ({
      host: authority,
      path: receivedPath(term.uri, entry),
      method: term.method?.exact,
      headers,
    }));
  });
}

/** The path that the pods receive. */
function receivedPath(matched: PathCondition | undefined, { rewrite }: Entry): StringCondition | undefined {
  if (rewrite.uriRegexRewrite || matched?.regex !== undefined) return undefined;
  const isExact = matched?.exact !== undefined;
  if (rewrite.uri === undefined) return matched?.ignoreCase ? undefined : matched;
  // The called proxy normalizes the rewritten path once more.
  if (/\/\/|\/\.|[%\\?#]/.test(rewrite.uri)) return undefined;
  return isExact ? { exact: rewrite.uri } : { prefix: rewrite.uri };
}

interface Changes {
  readonly set?: { readonly [name: string]: string };
  readonly add?: { readonly [name: string]: string };
  readonly remove?: readonly string[];
}

/** The headers that the gateway certainly removes or sets to a constant. */
function changedHeaders({ decorations, shares }: Entry): ReadonlyMap<string, string | undefined> | undefined {
  const changes = decorations.flatMap(decoration => requestChanges(decoration) ?? []);
  if (changes.length === 0 || shares.some(({ headers }) => headers !== undefined)) return undefined;
  const found = new Map<string, string | undefined>();
  for (const name of changes.flatMap(({ remove = [] }) => remove)) found.set(name.toLowerCase(), undefined);
  const written = changes.flatMap(({ set = {} }) => Object.entries(set));
  for (const [name, value] of written) if (!value.includes('%')) found.set(name.toLowerCase(), value);
  const computed = written.filter(([, value]) => value.includes('%'));
  const unknown = [...changes.flatMap(({ add = {} }) => Object.keys(add)), ...computed.map(([name]) => name)];
  for (const name of unknown) found.delete(name.toLowerCase());
  return found;
}

function requestChanges({ slot, value }: Decoration): Changes | undefined {
  return slot === 'headers' ? (value as { readonly headers: { readonly request?: Changes } }).headers.request : undefined;
}

/** Whether a header change may replace the host. */
function setsHost({ decorations, shares }: Entry): boolean {
  const changed = [...decorations.filter(({ slot }) => slot === 'headers').map(({ value }) => value), ...shares.map(({ headers }) => headers)];
  return /"(host|:authority)"/i.test(JSON.stringify(changed));
}
