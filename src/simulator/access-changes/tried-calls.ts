import { ELSEWHERE } from './address-probes';
import type { Probes } from './probes';
import { ANY_ACCOUNT } from './probes';
import { groupBy } from '../../manifest/group-by';
import { parsePrincipal } from '../access/caller';
import type { AccessFacts, Peer } from '../access/facts';
import type { Request } from '../request';
import { requestOf } from '../request';
import { stringMatcher } from '../string-matcher';

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
  /** The request without its token, such as `POST /pay from 10.0.0.1`. */
  readonly words: string;
  /** The token, such as `with an invalid token`; empty without one. */
  readonly tokenWords: string;
  readonly request: Request;
  readonly address: string;
  readonly token: AccessFacts['token'];
}

/** Calls, and whether they stand for all others. */
export interface TriedCalls {
  readonly calls: readonly TriedCall[];
  readonly isWhole: boolean;
}

/** The callers that rules tell apart: workloads of the mesh and others, and those without an identity. */
export function meshCallers(probes: Probes, known: readonly string[], trustDomain: string): readonly TriedCaller[] {
  const conditions = probes.ofIdentities.map(stringMatcher);
  const stranger = `spiffe://${trustDomain}/ns/elsewhere/sa/${ANY_ACCOUNT}`;
  const alike = groupBy(
    new Set([...probes.identities, ...known, stranger]), id => conditions.map(({ takes }) => (takes(id) ? '1' : '0')).join(''));
  const nameOf = (id: string) => (id === stranger ? 'any other workload' : callerWords(id));
  return [
    ...[...alike.values()].map((ids): TriedCaller => ({ names: ids.map(nameOf), peer: { id: ids[0] } })),
    { names: ['callers in plaintext'], peer: 'none' },
  ];
}

function callerWords(id: string): string {
  const { namespace, serviceAccount } = parsePrincipal(id) ?? {};
  if (namespace === undefined) return id;
  return serviceAccount === ANY_ACCOUNT ? `workloads of namespace ${namespace}` : `${namespace}/${serviceAccount}`;
}

/** Calls of all callers to a host with each combination of values, as far as the limits allow. */
export function triedCalls(probes: Probes, callers: readonly TriedCaller[], host: string): TriedCalls {
  const { sets, isWhole } = headerSets(probes.headers);
  const calls: TriedCall[] = [];
  const authorities = probes.takesHost(host) ? [...probes.hosts, probes.otherHost] : probes.hosts;
  for (const method of probes.methods) {
    for (const path of probes.paths) {
      for (const authority of authorities) {
        for (const headers of sets) {
          for (const forwarded of probes.forwarded) {
            for (const address of probes.addresses) {
              const stated = { ...headers, ...forwarded !== undefined && { [XFF]: forwarded } };
              const request = requestTo(host, method, path, { ...authority !== undefined && { host: authority }, ...stated }, address);
              if (!request) continue;
              const to = authority === undefined ? '' : ` to ${authority}`;
              const words = [`${method} ${path}${to}`, ...wordsOf(stated), ...(address === ELSEWHERE ? [] : [`from ${address}`])].join(' ');
              for (const { words: tokenWords, token } of probes.tokens) {
                if (calls.length + callers.length > MOST_TRIED) return { calls, isWhole: false };
                calls.push(...callers.map(caller => ({ ...caller, words, tokenWords, request, address, token })));
              }
            }
          }
        }
      }
    }
  }
  return { calls, isWhole: isWhole && probes.isWhole };
}

const XFF = 'x-forwarded-for';

type HeaderSet = { readonly [name: string]: string };

function wordsOf(headers: HeaderSet): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `with ${name}: ${value}`);
}

/** Each combination of headers; where there are too many, one header at a time. */
function headerSets(headers: Probes['headers']): { readonly sets: readonly HeaderSet[]; readonly isWhole: boolean } {
  const count = [...headers.values()].reduce((product, values) => product * values.length, 1);
  const withOne = (set: HeaderSet, name: string, value: string | undefined) => (value === undefined ? set : { ...set, [name]: value });
  if (count > MOST_HEADERS) {
    const single = [...headers].flatMap(([name, values]) => values.map(value => withOne({}, name, value)));
    return { sets: [{}, ...single], isWhole: false };
  }
  const sets = [...headers].reduce<readonly HeaderSet[]>(
    (found, [name, values]) => found.flatMap(set => values.map(value => withOne(set, name, value))), [{}],
  );
  return { sets, isWhole: true };
}

/** Undefined for what HTTP cannot express. */
function requestTo(host: string, method: string, path: string, headers: HeaderSet, sourceAddress: string): Request | undefined {
  try {
    return requestOf(method, `http://${host}${path}`, { headers, sourceAddress });
  } catch {
    return undefined;
  }
}
