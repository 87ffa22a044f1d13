import { gatewaysOf } from './gateways';
import { blockOf, hostsAt } from './server-blocks';
import type { VirtualService } from './virtual-services';
import { isForMesh, MESH } from './virtual-services';
import { COOKIE } from '../../manifest/cookie-regex';
import { addToGroup } from '../../manifest/group-by';
import { hostsOverlap } from '../../manifest/host-name';
import type { HTTPRedirect } from '../../manifest/istio-specs.generated';
import type { MatchTerm } from '../../manifest/match-algebra';
import { followingMethod } from '../../traffic/following-method';
import type { PlacedTerm } from '../placed-terms';
import { placedTerms } from '../placed-terms';
import { areApart, isCovered } from '../terms';
import type { TrafficIndex } from '../traffic-index';

/** Where a request arrives: at the routes of a VirtualService, through the mesh or a Gateway. */
interface Arrival {
  readonly object: VirtualService;
  /** `mesh`, or `namespace/name` of a Gateway. */
  readonly through: string;
  readonly scheme: 'http' | 'https';
  /** The port of the Gateway's server; of the mesh it is not known. */
  readonly port?: number;
  readonly term: MatchTerm;
}

type Path = MatchTerm['uri'];

/** As many redirects as clients follow. */
const MOST_REDIRECTS = 20;

/** The places at which requests arrive at a VirtualService, with a scheme each. */
function arrivalsAt(object: VirtualService, index: TrafficIndex): readonly Omit<Arrival, 'term'>[] {
  const ofMesh: Omit<Arrival, 'term'>[] = isForMesh(object) ? [{ object, through: MESH, scheme: 'http' }] : [];
  const { hosts = [] } = object.spec ?? {};
  return [...ofMesh, ...gatewaysOf(object, index).flatMap(({ key, gateway }) => (gateway?.spec?.servers ?? []).flatMap(server => {
    const offered = hostsAt(server, gateway!, index.namespaceOf(object), index);
    const isServed = offered.some(other => hosts.some(host => hostsOverlap(other, host)));
    if (!isServed || blockOf(server) !== 'http' || server.tls?.httpsRedirect) return [];
    return [{ object, through: key, scheme: server.tls ? 'https' as const : 'http' as const, port: server.port?.number }];
  }))];
}

/** `through host` of each VirtualService. */
function byHost(index: TrafficIndex): ReadonlyMap<string, readonly VirtualService[]> {
  const found = new Map<string, VirtualService[]>();
  for (const object of index.of('VirtualService')) {
    const places = [...isForMesh(object) ? [MESH] : [], ...gatewaysOf(object, index).map(({ key }) => key)];
    for (const host of object.spec?.hosts ?? []) for (const place of places) addToGroup(found, `${place} ${host.toLowerCase()}`, object);
  }
  return found;
}

/** The one VirtualService that routes a host there; undefined where there is none, or more than one. */
function routing(host: string, through: string, index: TrafficIndex): VirtualService | undefined {
  const [object, ...others] = index.memo(byHost).get(`${through} ${host.toLowerCase()}`) ?? [];
  return others.length === 0 ? object : undefined;
}

/** The paths by which a match is tried: one where it names one, two that begin with its prefix. */
function pathsOf({ uri }: MatchTerm): readonly Path[] {
  if (uri?.prefix === undefined || uri.ignoreCase) return [uri];
  return [{ exact: uri.prefix }, { exact: `${uri.prefix}${uri.prefix.endsWith('/') ? '' : '/'}a` }];
}

/** The path that a redirect sends callers to; undefined for any, as before. */
function redirectedPath({ uri, prefixRewrite }: HTTPRedirect, from: Path, match: Path): Path | 'unknown' {
  if (uri) return { exact: uri.split('?')[0].replace(/^(?!\/)/, '/') };
  if (!prefixRewrite) return from;
  return from?.exact !== undefined && match?.prefix !== undefined && !match.ignoreCase
    ? { exact: prefixRewrite.split('?')[0] + from.exact.slice(match.prefix.length) } : 'unknown';
}

/** Whether the answer of an entry sets a cookie, which callers send with their next request. */
function setsCookie({ headers }: PlacedTerm['route']): boolean {
  return [headers?.response?.set, headers?.response?.add].some(changes => (
    Object.keys(changes ?? {}).some(name => name.toLowerCase() === 'set-cookie')));
}

function dependsOnCookies({ cookies, headers, withoutHeaders }: MatchTerm): boolean {
  const names = [headers, withoutHeaders].flatMap(conditions => Object.keys(conditions ?? {}));
  return cookies !== undefined || names.some(name => name.toLowerCase() === COOKIE);
}

/** The method with which callers follow a redirect. Of several methods, it is GET for those of them that may change. */
function followedBy(method: NonNullable<MatchTerm['method']>, status: number): MatchTerm['method'] {
  return method.exact !== undefined ? { exact: followingMethod(method.exact, status) }
    : followingMethod('POST', status) === 'POST' ? method : { exact: 'GET' };
}

/** Where callers of a route that redirects arrive next; undefined where that is elsewhere, or not known. */
function next({ term, through, scheme, port, object }: Arrival, { route, term: stated }: PlacedTerm,
  index: TrafficIndex): Arrival | undefined {
  const { redirect } = route;
  if (!redirect || redirect.port !== undefined || redirect.derivePort !== undefined) return undefined;
  if (setsCookie(route) && dependsOnCookies(term)) return undefined;
  const uri = redirectedPath(redirect, term.uri, stated.uri);
  if (uri === 'unknown') return undefined;
  const to = redirect.authority ? routing(redirect.authority, through, index) : object;
  const wanted = redirect.scheme || scheme;
  const there = to && arrivalsAt(to, index).find(arrival => arrival.through === through && arrival.scheme === wanted
    && (wanted !== scheme || arrival.port === port));
  if (!there) return undefined;
  const { authority: _, uri: __, queryParams, method, ...rest } = term;
  return {
    ...there,
    term: {
      ...rest,
      ...method && { method: followedBy(method, redirect.redirectCode || 301) },
      ...uri && { uri },
      ...queryParams && !redirect.uri?.includes('?') && { queryParams },
      ...redirect.authority ? { authority: { exact: redirect.authority } } : term.authority && { authority: term.authority },
    },
  };
}

/** The match that takes a request, if one certainly does. */
function taker({ object, term, scheme, port }: Arrival, index: TrafficIndex): PlacedTerm | undefined {
  const asked: MatchTerm = { ...term, scheme: { exact: scheme }, ...port !== undefined && { port } };
  for (const placed of index.memoOf(object, placedTerms)) {
    const { exact, prefix } = placed.term.uri ?? {};
    const path = asked.uri?.exact;
    if (path !== undefined && !placed.term.uri?.ignoreCase) {
      if (exact !== undefined && exact !== path) continue;
      if (exact === undefined && prefix !== undefined && !path.startsWith(prefix)) continue;
    }
    const { gateways = [] } = placed.match;
    if (gateways.length > 0) return undefined;
    if (areApart([asked], [placed.term])) continue;
    return isCovered(asked, placed.term) ? placed : undefined;
  }
  return undefined;
}

/** A request that is redirected without limit. */
export interface RedirectLoop {
  readonly placed: PlacedTerm;
  readonly scheme: 'http' | 'https';
  /** The paths that callers are sent to, the last one again and again. */
  readonly paths: readonly string[];
}

/** The matches of a VirtualService whose callers are redirected without limit, each once. */
export function redirectLoops(object: VirtualService, index: TrafficIndex): readonly RedirectLoop[] {
  const redirecting = index.memoOf(object, placedTerms).filter(({ route: { redirect } }) => redirect);
  if (redirecting.length === 0 || (object.spec?.hosts ?? []).length === 0) return [];
  const arrivals = arrivalsAt(object, index);
  return redirecting.flatMap(placed => {
    for (const arrival of arrivals) {
      for (const uri of pathsOf(placed.term)) {
        const paths = followed({ ...arrival, term: { ...placed.term, ...uri && { uri } } }, placed, index);
        if (paths) return [{ placed, scheme: arrival.scheme, paths }];
      }
    }
    return [];
  });
}

/** The paths of a loop that begins at a match; undefined where it ends, or leads elsewhere. */
function followed(start: Arrival, placed: PlacedTerm, index: TrafficIndex): readonly string[] | undefined {
  const paths: string[] = [];
  let arrival: Arrival | undefined = start;
  // A request that another match takes first is none of this one's.
  if (taker(start, index) !== placed) return undefined;
  for (let step = 0; step < MOST_REDIRECTS; step++) {
    const by: PlacedTerm | undefined = taker(arrival, index);
    arrival = by && next(arrival, by, index);
    if (!arrival) return undefined;
    paths.push(arrival.term.uri?.exact ?? '');
  }
  return [...new Set(paths)];
}
