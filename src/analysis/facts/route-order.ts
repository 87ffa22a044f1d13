import { canonicalText } from './canonical-text';
import type { PrefixMatch } from './earlier-prefixes';
import { EarlierPrefixes } from './earlier-prefixes';
import type { Block, VirtualService } from './virtual-services';
import { BLOCKS, entryName, routesIn } from './virtual-services';
import type { HTTPMatchRequest, L4MatchAttributes, TLSMatchAttributes } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';
import { isUnreadable } from '../unreadable-fields';

/** A mistake at a place of a VirtualService. */
export interface Mistake {
  readonly block: Block;
  readonly path: string;
  readonly cause: string;
  readonly repair: string;
}

type Match = HTTPMatchRequest | TLSMatchAttributes | L4MatchAttributes;

/** A match without its name, which routes nothing. */
function matchText(match: Match, index: TrafficIndex): string {
  return index.memoOf(match, writeMatch);
}

function writeMatch(stated: Match): string {
  const { name: _, ...match } = stated as HTTPMatchRequest;
  return canonicalText(match);
}

/** Entries after others that take all their requests, as Istio's analyzers find them. */
export function unreachableRoutes(object: VirtualService, index: TrafficIndex): readonly Mistake[] {
  return index.memoOf(object, findUnreachable);
}

function findUnreachable(object: VirtualService, index: TrafficIndex): readonly Mistake[] {
  return BLOCKS.flatMap(block => unreachableIn(object, block, index));
}

function unreachableIn(object: VirtualService, block: Block, index: TrafficIndex): Mistake[] {
  const routes = routesIn(object, block);
  if (routes.length < 2) return [];
  const found: Mistake[] = [];
  const seen = new Set<string>();
  const noun = block === 'http' ? 'request' : 'connection';
  const isCompared = routes.filter(({ match = [] }) => match.length > 0).length > 1;
  let open: number | undefined;
  routes.forEach((route, r) => {
    const path = `spec.${block}[${r}]`;
    if (isUnreadable(index.sourceOf(object), `${path}.match`, index)) return;
    const matches: readonly Match[] = route.match ?? [];
    const before = open === undefined ? '' : entryName(routes[open], open);
    if (matches.length === 0) {
      if (open !== undefined) {
        found.push({
          block,
          path,
          cause: `entry ${before} before it takes every ${noun}, so this entry gets none`,
          repair: 'keep one entry without a match, as the last one',
        });
      }
      open = r;
    } else if (open !== undefined) {
      found.push({
        block,
        path,
        cause: `entry ${before} before it has no match and takes every ${noun}, so this entry gets none`,
        repair: `move entry ${entryName(route, r)} before it`,
      });
    } else if (isCompared) {
      const texts = matches.map(match => matchText(match, index));
      const repeated = texts.filter(text => seen.has(text) || !seen.add(text)).length;
      if (repeated === texts.length) {
        found.push({
          block,
          path,
          cause: `earlier entries have each of its matches, so this entry gets no ${noun}`,
          repair: 'change its matches, or remove the entry',
        });
      }
    }
  });
  return found;
}

/** Matches that repeat an earlier one, or lie inside an earlier prefix, as Istio's analyzers find them. */
export function repeatedMatches(object: VirtualService, index: TrafficIndex): readonly Mistake[] {
  return index.memoOf(object, findRepeated);
}

function mistakeOf(later: PrefixMatch, { entry, prefix }: PrefixMatch): Mistake {
  return {
    block: 'http',
    path: later.path,
    cause: `entry ${entry} before it takes the prefix '${prefix}', which contains '${later.prefix}', so this match takes nothing`,
    repair: `move the narrower prefix '${later.prefix}' before '${prefix}'`,
  };
}

function findRepeated(object: VirtualService, index: TrafficIndex): readonly Mistake[] {
  return BLOCKS.flatMap(block => repeatedIn(object, block, index));
}

function repeatedIn(object: VirtualService, block: Block, index: TrafficIndex): Mistake[] {
  const routes = routesIn(object, block);
  if (routes.reduce((sum, { match = [] }) => sum + match.length, 0) < 2) return [];
  const found: Mistake[] = [];
  const seen = new Map<string, string>();
  const contained: Mistake[] = [];
  const prefixes = new EarlierPrefixes();
  // After an entry without a match nothing is compared: what follows is unreachable.
  const open = routes.findIndex(({ match = [] }) => match.length === 0);
  routes.slice(0, open < 0 ? undefined : open).forEach((route, r) => {
    const matches: readonly Match[] = route.match ?? [];
    matches.forEach((match, m) => {
      const path = `spec.${block}[${r}].match[${m}]`;
      if (isUnreadable(index.sourceOf(object), path, index)) return;
      const text = matchText(match, index);
      const before = seen.get(text);
      if (before !== undefined) {
        found.push({
          block,
          path,
          cause: `entry ${before} before it has the same match, so this match takes nothing`,
          repair: 'remove it, or change it to what you meant',
        });
        return;
      }
      seen.set(text, entryName(route, r));
      const { uri } = match as HTTPMatchRequest;
      if (block !== 'http' || !uri?.prefix) return;
      const one = { path, entry: entryName(route, r), match: match as HTTPMatchRequest, prefix: uri.prefix };
      const earlier = prefixes.containing(one);
      prefixes.add(one);
      if (earlier) contained.push(mistakeOf(one, earlier));
    });
  });
  return [...found, ...contained];
}
