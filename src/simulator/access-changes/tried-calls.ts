import { ELSEWHERE } from './address-probes';
import { ANY_OTHER_WORKLOAD, IN_PLAINTEXT, workloadsOf } from './caller-names';
import type { Probes } from './probes';
import { ANY_ACCOUNT, ANY_NAMESPACE } from './probes';
import type { CallParts } from './request-words';
import { RequestWords, combinationsOf } from './request-words';
import { groupBy } from '../../manifest/group-by';
import { parsePrincipal } from '../access/caller';
import type { Peer } from '../access/facts';
import type { Request } from '../request';
import { requestOf } from '../request';
import { stringMatcher } from '../string-matcher';
import type { Token } from '../token';

/** The maximum number of calls that are tried per port. */
const MOST_TRIED = 5000;
/** The maximum number of combinations of headers; above it, headers are tried one at a time. */
const MOST_HEADERS = 32;

/** Callers that rules treat alike, in words, and one of them. */
export interface TriedCaller {
  readonly names: readonly string[];
  readonly peer: Peer;
}

/** One call that is tried on both sides. */
export interface TriedCall extends TriedCaller {
  /** The request, such as `POST /pay from 10.0.0.1`. */
  readonly words: string;
  /** Its values, as one number. */
  readonly combination: number;
  readonly request: Request;
  readonly address: string;
  readonly token: Token;
}

/** Calls, and whether they stand for all others. */
export interface TriedCalls {
  readonly calls: readonly TriedCall[];
  readonly isWhole: boolean;
  readonly words: RequestWords;
}

/**
 * The callers that rules tell apart: workloads of the mesh and others, and those without an identity.
 *
 * @param kindOf Tells apart identities that reach the pods in different ways.
 */
export function meshCallers(
  { identities, ofIdentities }: Pick<Probes, 'identities' | 'ofIdentities'>, known: readonly string[], trustDomain: string,
  kindOf: (id: string) => string = () => '',
): readonly TriedCaller[] {
  const conditions = ofIdentities.map(stringMatcher);
  const stranger = `spiffe://${trustDomain}/ns/elsewhere/sa/${ANY_ACCOUNT}`;
  const alike = groupBy(
    new Set([...identities, ...known, stranger]), id => `${conditions.map(({ takes }) => (takes(id) ? '1' : '0')).join('')} ${kindOf(id)}`);
  const nameOf = (id: string) => (id === stranger ? ANY_OTHER_WORKLOAD : nameOfIdentity(id));
  return [
    ...[...alike.values()].map((ids): TriedCaller => ({ names: ids.map(nameOf), peer: { id: ids[0] } })),
    { names: [IN_PLAINTEXT], peer: 'none' },
  ];
}

function nameOfIdentity(id: string): string {
  const { namespace, serviceAccount } = parsePrincipal(id) ?? {};
  if (namespace === undefined) return id.endsWith(ANY_ACCOUNT) ? `${id.slice(0, -ANY_ACCOUNT.length)}*` : id;
  if (serviceAccount === ANY_ACCOUNT) return workloadsOf(namespace);
  const account = serviceAccount?.endsWith(ANY_ACCOUNT) ? `${serviceAccount.slice(0, -ANY_ACCOUNT.length)}*` : serviceAccount;
  return namespace === ANY_NAMESPACE ? `${account} of any other namespace` : `${namespace}/${account}`;
}

/** How calls are tried at a place. */
export interface TriedPlace {
  readonly host: string;
  /** Whether Envoy reads requests. */
  readonly readsRequests: boolean;
  /** The header in which trusted proxies state an address. @default - the address */
  readonly forwardedBy?: (address: string) => string;
}

/** Calls of all callers to a host with each combination of values, as far as the limits allow. */
export function triedCalls(probes: Probes, callers: readonly TriedCaller[], place: TriedPlace): TriedCalls {
  const { host, readsRequests, forwardedBy } = place;
  const { methods, paths, headers, forwarded, addresses, tokens } = probes;
  const hosts = probes.hostsAt(host);
  const parts: CallParts = { methods, paths, others: [hosts, ...headers.values(), forwarded, addresses, tokens] };
  const combinations = combinationsOf(parts);
  const sets = headerSets(headers);
  const calls: TriedCall[] = [];
  const all = new Map<number, string>();
  let isCut = false;
  const ranges = [methods, paths, hosts].map(({ values }) => values.map((_, each) => [each]));
  const rest = [forwarded, addresses, tokens].map(({ values }) => values.map((_, each) => [each]));
  for (const places of product([...ranges, sets.places, ...rest])) {
    if (calls.length + callers.length > MOST_TRIED) {
      isCut = true;
      break;
    }
    const [method, path, authority, ...others] = places;
    const [from, address, token] = others.slice(headers.size);
    const via = forwarded.values[from];
    const stated: HeaderSet = Object.fromEntries([
      ...[...headers].flatMap(([name, { values }], header) => {
        const value = values[others[header]];
        return value === undefined ? [] : [[name, value] as const];
      }),
      ...via === undefined ? [] : [[XFF, forwardedBy?.(via) ?? via] as const],
    ]);
    const named = hosts.values[authority];
    const source = addresses.values[address];
    const sent = { ...named !== undefined && { host: named }, ...stated };
    const request = requestTo(host, methods.values[method], paths.values[path], sent, source);
    if (!request) continue;
    const { words: tokenWords, token: claims } = tokens.values[token];
    const words = [
      readsRequests ? `${methods.values[method]} ${paths.values[path]}` : 'a connection',
      ...named === undefined ? [] : [`to ${named}`], ...wordsOf(stated),
      ...source === ELSEWHERE ? [] : [`from ${source}`], ...tokenWords === '' ? [] : [tokenWords],
    ].join(' ');
    const combination = combinations.at(places);
    all.set(combination, words);
    calls.push(...callers.map(caller => ({ ...caller, words, combination, request, address: source, token: claims })));
  }
  const isProduct = sets.isWhole && !isCut;
  const words = new RequestWords(parts, all, isProduct && probes.areRequestsWhole, readsRequests);
  return { calls, isWhole: isProduct && probes.isWhole, words };
}

/** Each combination of lists, one of each, as one list. */
function* product([first, ...others]: readonly (readonly (readonly number[])[])[]): Iterable<readonly number[]> {
  if (first === undefined) {
    yield [];
    return;
  }
  for (const some of first) for (const more of product(others)) yield [...some, ...more];
}

const XFF = 'x-forwarded-for';

type HeaderSet = { readonly [name: string]: string };

function wordsOf(headers: HeaderSet): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `with ${name}: ${value}`);
}

/** The places of the values of all headers, in each combination; where there are too many, one header at a time. */
function headerSets(headers: Probes['headers']): { readonly places: readonly (readonly number[])[]; readonly isWhole: boolean } {
  const counts = [...headers.values()].map(({ values }) => values.length);
  const isWhole = counts.reduce((all, count) => all * count, 1) <= MOST_HEADERS;
  if (isWhole) return { places: [...product(counts.map(count => Array.from({ length: count }, (_, place) => [place])))], isWhole };
  const none = counts.map(() => 0);
  const withOne = (header: number, place: number) => none.map((each, other) => (other === header ? place : each));
  const single = counts.flatMap((count, header) => Array.from({ length: count - 1 }, (_, other) => withOne(header, other + 1)));
  return { places: [none, ...single], isWhole };
}

/** Undefined for what HTTP cannot express. */
function requestTo(host: string, method: string, path: string, headers: HeaderSet, sourceAddress: string): Request | undefined {
  try {
    return requestOf(method, `http://${host}${path}`, { headers, sourceAddress });
  } catch {
    return undefined;
  }
}
