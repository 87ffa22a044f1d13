import type { AccessChange } from './access-change';
import type { Probes } from './probes';
import { ANY_ACCOUNT, ELSEWHERE, probesOf } from './probes';
import type { Edge } from '../../edge/edge';
import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { Translator } from '../../envoy/translator';
import { parsePrincipal } from '../access/caller';
import type { Peer } from '../access/facts';
import { verdictAtPod } from '../access/pod-access';
import type { TakingPod } from '../access/taking-pods';
import { TakingPods } from '../access/taking-pods';
import type { AccessVerdict } from '../access/verdict';
import { REFUSED } from '../outcome';
import type { Outcome } from '../outcome';
import type { Request } from '../request';
import { requestOf } from '../request';

/** As many calls are tried for each port. */
const MOST_TRIED = 5000;

/** The pods behind one port of a service, on both sides. */
interface Compared {
  readonly host: string;
  readonly port: number;
  readonly before: Taker;
  readonly after: Taker;
}

/** One call that is tried on both sides. */
interface Tried {
  readonly caller: string;
  readonly peer: Peer;
  readonly words: string;
  readonly request: Request;
  readonly address: string;
  readonly hasToken: boolean;
}

/** A mesh before or after a change. */
export interface Side {
  readonly translator: Translator;
  readonly edge: Edge;
}

/**
 * Who may call after a change and could not before, or the other way round. Calls are tried whose values the rules of either side name:
 * each change that is found is one, and there may be others.
 */
export function accessChanges(old: Side, now: Side): AccessChange[] {
  if (!old.translator.decidesAccess && !now.translator.decidesAccess) return [];
  const known = [...new Set([...old.translator.identities, ...now.translator.identities])];
  const [before, after] = [old, now].map(takersByPort);
  return [...before].flatMap(([key, was]) => {
    const is = after.get(key);
    if (!is || JSON.stringify(was.pod.config.listeners) === JSON.stringify(is.pod.config.listeners)) return [];
    return changesAt({ host: was.host, port: was.port, before: was, after: is }, known, now.translator.trustDomain);
  });
}

interface Taker {
  readonly host: string;
  readonly port: number;
  readonly pod: TakingPod;
  readonly mayHaveProvider: boolean;
}

/** The pods of each port of each Service, by the port, and by their labels where they differ. Pods without a sidecar are left out. */
function takersByPort({ translator, edge }: Side): ReadonlyMap<string, Taker> {
  const takers = new Map<string, Taker>();
  const taking = new TakingPods(translator, edge);
  const { mayHaveProvider } = taking;
  for (const { host, ports, registry } of translator.services) {
    if (registry !== 'Kubernetes') continue;
    for (const { number } of ports) {
      const { pods } = taking.at(host, number);
      for (const pod of pods) {
        const key = pods.length === 1 ? '' : JSON.stringify(pod.proxy);
        takers.set(`${host}:${number} ${key}`, { host, port: number, pod, mayHaveProvider });
      }
    }
  }
  return takers;
}

function changesAt(at: Compared, known: readonly string[], trustDomain: string): AccessChange[] {
  const [before, after] = [at.before.pod, at.after.pod];
  const probes = probesOf([...before.config.listeners, ...after.config.listeners], trustDomain);
  const groups = new Map<string, AccessChange & { callers: string[]; requests: string[] }>();
  const asks = readsRequests(before) || readsRequests(after);
  const tried = callsOf(asks ? probes : withoutRequests(probes), known, trustDomain, at.host);
  for (const { caller, peer, words, request, address, hasToken } of tried) {
    const transport = peer === 'none' ? 'plaintext' : 'mesh';
    const call = { peer, request, directAddress: address, token: hasToken ? probes.claims : 'none', claimHeaders: [], transport } as const;
    const [was, is] = [at.before, at.after].map(({ pod, mayHaveProvider }) => verdictAtPod(pod, call, { now: 0, mayHaveProvider }));
    const isAllowed = is.outcome === 'allowed';
    const isChange = isAllowed ? isRefused(was) : was.outcome === 'allowed' && isRefused(is);
    if (!isChange) continue;
    const key = JSON.stringify([isAllowed, caller, was.why, is.why]);
    const group = groups.get(key) ?? {
      risk: 'high',
      host: at.host,
      port: at.port,
      isAllowed,
      callers: [caller],
      requests: [],
      before: inWords(was),
      after: inWords(is),
    } as const;
    groups.set(key, { ...group, requests: [...group.requests, words] });
  }
  return merged([...groups.values()], tried, asks);
}

/** Whether the pods read HTTP on a port. */
function readsRequests({ config, port }: TakingPod): boolean {
  const chains = config.listeners.flatMap(filterChainsOf);
  return chains.some(chain => chain.filterChainMatch?.destinationPort === port && connectionManagerOf(chain) !== undefined);
}

/** Values for connections, in which Envoy sees no requests. */
function withoutRequests(probes: Probes): Probes {
  return { ...probes, methods: new Set(['GET']), paths: new Set(['/']), headers: new Set() };
}

function isRefused({ outcome }: AccessVerdict): boolean {
  return REFUSED.has(outcome as Outcome);
}

function inWords({ outcome, status, why }: AccessVerdict): string {
  if (outcome === 'allowed') return why || 'allowed, as no policy decides';
  return `${outcome}${status === undefined ? '' : ` with ${status}`}: ${why}`;
}

/** Calls of all callers, as far as the limit allows. */
function callsOf(probes: Probes, known: readonly string[], trustDomain: string, host: string): Tried[] {
  const stranger = `spiffe://${trustDomain}/ns/elsewhere/sa/${ANY_ACCOUNT}`;
  const peers: readonly (readonly [string, Peer])[] = [
    ...[...new Set([...probes.identities, ...known])].map(id => [callerWords(id), { id }] as const),
    ['any other workload', { id: stranger }],
    ['callers in plaintext', 'none'],
  ];
  const tokens = Object.keys(probes.claims).length > 0 ? [false, true] : [false];
  const calls: Tried[] = [];
  for (const method of probes.methods) {
    for (const path of probes.paths) {
      for (const header of ['', ...probes.headers]) {
        for (const address of probes.addresses) {
          for (const hasToken of tokens) {
            if (calls.length + peers.length > MOST_TRIED) return calls;
            const conditions = [
              header === '' ? '' : `with ${header}`, address === ELSEWHERE ? '' : `from ${address}`, hasToken ? 'with a token' : '',
            ].filter(text => text !== '');
            const words = [`${method} ${path}`, ...conditions].join(' ');
            const request = requestTo(host, method, path, header);
            if (request) calls.push(...peers.map(([caller, peer]) => ({ caller, peer, words, request, address, hasToken })));
          }
        }
      }
    }
  }
  return calls;
}

function requestTo(host: string, method: string, path: string, header: string): Request | undefined {
  const colon = header.indexOf(':', 1);
  try {
    return requestOf(
      method,
      `http://${host}${path}`,
      header === '' ? {} : { headers: { [header.slice(0, colon)]: header.slice(colon + 2) } },
    );
  } catch {
    return undefined;
  }
}

function callerWords(id: string): string {
  const { namespace, serviceAccount } = parsePrincipal(id) ?? {};
  if (namespace === undefined) return id;
  return serviceAccount === ANY_ACCOUNT ? `workloads of namespace ${namespace}` : `${namespace}/${serviceAccount}`;
}

/** Changes of several callers with the same requests as one; a change of all requests that were tried names none. */
function merged(changes: readonly AccessChange[], tried: readonly Tried[], asks: boolean): AccessChange[] {
  const all = new Set(tried.map(({ words }) => words)).size;
  const groups = new Map<string, AccessChange>();
  for (const change of changes) {
    const isAll = change.requests.length === all;
    const requests = isAll ? [asks ? 'every request' : 'every connection'] : [...new Set(change.requests)];
    const key = JSON.stringify([change.isAllowed, requests, change.before, change.after]);
    const group = groups.get(key);
    groups.set(key, group ? { ...group, callers: [...group.callers, ...change.callers] } : { ...change, requests });
  }
  return [...groups.values()].sort((a, b) => Number(b.isAllowed) - Number(a.isAllowed));
}
