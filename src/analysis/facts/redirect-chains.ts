import { gatewaysOf } from './gateways';
import { blockOf, hostsAt } from './server-blocks';
import type { VirtualService } from './virtual-services';
import { isForMesh, MESH } from './virtual-services';
import { COOKIE } from '../../manifest/cookie-regex';
import { addToGroup } from '../../manifest/group-by';
import { hostsOverlap } from '../../manifest/host-name';
import type { MatchTerm } from '../../manifest/match-algebra';
import { certainTaker, followedTerm, MOST_REDIRECTS, triedPaths } from '../../manifest/redirect-steps';
import type { PlacedTerm } from '../placed-terms';
import { placedTerms } from '../placed-terms';
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

/** Whether the answer of an entry sets a cookie, which callers send with their next request. */
function setsCookie({ headers }: PlacedTerm['route']): boolean {
  return [headers?.response?.set, headers?.response?.add].some(changes => (
    Object.keys(changes ?? {}).some(name => name.toLowerCase() === 'set-cookie')));
}

function dependsOnCookies({ cookies, headers, withoutHeaders }: MatchTerm): boolean {
  const names = [headers, withoutHeaders].flatMap(conditions => Object.keys(conditions ?? {}));
  return cookies !== undefined || names.some(name => name.toLowerCase() === COOKIE);
}

/** Where callers of a route that redirects arrive next; undefined where that is elsewhere, or not known. */
function next({ term, through, scheme, port, object }: Arrival, { route, term: stated }: PlacedTerm,
  index: TrafficIndex): Arrival | undefined {
  const { redirect } = route;
  const asked = redirect && followedTerm(term, stated, redirect);
  if (!asked || (setsCookie(route) && dependsOnCookies(term))) return undefined;
  const to = redirect.authority ? routing(redirect.authority, through, index) : object;
  const wanted = redirect.scheme || scheme;
  const there = to && arrivalsAt(to, index).find(arrival => arrival.through === through && arrival.scheme === wanted
    && (wanted !== scheme || arrival.port === port));
  return there && { ...there, term: asked };
}

/** The match that takes a request, if one certainly does. */
function taker({ object, term, scheme, port }: Arrival, index: TrafficIndex): PlacedTerm | undefined {
  const asked: MatchTerm = { ...term, scheme: { exact: scheme }, ...port !== undefined && { port } };
  return certainTaker(asked, index.memoOf(object, placedTerms), ({ match: { gateways = [] } }) => gateways.length > 0);
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
      for (const uri of triedPaths(placed.term)) {
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
