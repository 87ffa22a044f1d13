import type { AccessChange } from './access-change';
import type { TriedCall, TriedCalls } from './tried-calls';
import { DECIDES } from '../access/access-filters';
import type { AccessVerdict } from '../access/verdict';
import { REFUSED } from '../outcome';
import type { Outcome } from '../outcome';

/** One place at which calls are decided before and after a change. */
export interface ComparedPlace {
  /** The host of a service, or the gateway. */
  readonly host: string;
  readonly port: number;
  /** Whether Envoy reads requests. */
  readonly readsRequests: boolean;
  readonly tried: TriedCalls;
  /** Whether the external authorizer is another one, or has other settings. */
  readonly hasOtherAuthorizer: boolean;
  readonly before: (call: TriedCall) => AccessVerdict;
  readonly after: (call: TriedCall) => AccessVerdict;
}

/** What calls show of one place. */
export interface PlaceComparison {
  readonly changes: readonly AccessChange[];
  /** Whether the calls stand for all others, and all of them are decided. */
  readonly isWhole: boolean;
  /** The policies that changed calls name, such as `AuthorizationPolicy shop/cart`. */
  readonly named: ReadonlySet<string>;
}

type Fate = 'allowed' | 'refused' | 'decided elsewhere' | 'open';

function fateOf({ outcome, why }: AccessVerdict): Fate {
  if (outcome === 'allowed') return 'allowed';
  if (REFUSED.has(outcome as Outcome)) return 'refused';
  return why === DECIDES ? 'decided elsewhere' : 'open';
}

interface Group {
  readonly change: Omit<AccessChange, 'requests' | 'callers'>;
  readonly callers: readonly string[];
  /** The requests, by the words of their token. */
  readonly requests: Map<string, Set<string>>;
}

/** Tries the calls on both sides. */
export function comparePlace({ host, port, readsRequests, tried, hasOtherAuthorizer, before, after }: ComparedPlace): PlaceComparison {
  const groups = new Map<string, Group>();
  const named = new Set<string>();
  let isDecided = true;
  for (const call of tried.calls) {
    const [was, is] = [before(call), after(call)];
    const [old, now] = [was, is].map(fateOf);
    if (old === 'open' || now === 'open') {
      isDecided = false;
    } else if (old !== now || (now === 'decided elsewhere' && hasOtherAuthorizer)) {
      for (const { by, missed } of [was, is]) [...(by ? [by] : []), ...missed].forEach(({ policy }) => named.add(policy));
      const change = {
        risk: 'high',
        host,
        port,
        isAllowed: now === 'allowed',
        ...(now === 'decided elsewhere' ? { isDecidedElsewhere: true as const } : {}),
        before: inWords(was),
        after: old === now ? `${inWords(is)}, another one or one with other settings` : inWords(is),
      } as const;
      const key = JSON.stringify([change, call.names[0]]);
      const group = groups.get(key) ?? { change, callers: call.names, requests: new Map<string, Set<string>>() };
      groups.set(key, group);
      const requests = group.requests.get(call.tokenWords) ?? new Set();
      group.requests.set(call.tokenWords, requests.add(call.words));
    }
  }
  return { changes: merged([...groups.values()], tried.calls, readsRequests), isWhole: tried.isWhole && isDecided, named };
}

function inWords({ outcome, status, why }: AccessVerdict): string {
  if (outcome === 'allowed') return why || 'allowed, as no policy decides';
  return `${outcome}${status === undefined ? '' : ` with ${status}`}: ${why}`;
}

/** Changes of several callers with the same requests as one; a change of all requests that were tried names none. */
function merged(groups: readonly Group[], calls: readonly TriedCall[], readsRequests: boolean): AccessChange[] {
  const all = new Set(calls.map(({ words }) => words)).size;
  const tokens = new Set(calls.map(({ tokenWords }) => tokenWords)).size;
  const callers = new Set(calls.flatMap(({ names }) => names)).size;
  const changes = new Map<string, AccessChange>();
  for (const { change, callers: own, requests: byToken } of groups) {
    const requests = requestsInWords(byToken, all, tokens, readsRequests);
    const key = JSON.stringify([change, requests]);
    const known = changes.get(key);
    const { before, after, ...place } = change;
    changes.set(key, { ...place, callers: [...known?.callers ?? [], ...own], requests, before, after });
  }
  const named = [...changes.values()].map(change => (
    callers > 1 && change.callers.length === callers ? { ...change, callers: ['every caller'] } : change));
  return named.sort((a, b) => Number(b.isAllowed) - Number(a.isAllowed));
}

function requestsInWords(
  byToken: ReadonlyMap<string, ReadonlySet<string>>, all: number, tokens: number, readsRequests: boolean,
): readonly string[] {
  const every = readsRequests ? 'every request' : 'every connection';
  const areAll = [...byToken.values()].every(({ size }) => size === all);
  if (areAll && byToken.size === tokens) return [every];
  if (areAll && byToken.size === tokens - 1 && !byToken.has('with an invalid token')) return [`${every} without an invalid token`];
  return [...byToken].flatMap(([token, requests]) => (
    requests.size === all ? [`${every} ${token || 'without a token'}`] : [...requests].map(words => `${words} ${token}`.trimEnd())));
}
