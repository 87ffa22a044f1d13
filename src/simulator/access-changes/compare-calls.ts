import type { AccessChange, AccessExample } from './access-change';
import { callerNames } from './caller-names';
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
  readonly change: Pick<AccessChange, 'risk' | 'host' | 'port' | 'isAllowed' | 'isDecidedElsewhere' | 'before' | 'after'>;
  readonly callers: readonly string[];
  readonly example: AccessExample;
  /** The calls, by their combinations of values. */
  readonly combinations: Set<number>;
}

/** Tries the calls on both sides. */
export function comparePlace({ host, port, tried, hasOtherAuthorizer, before, after }: ComparedPlace): PlaceComparison {
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
      const { names: callers, words: request, combination } = call;
      const known = groups.get(key);
      // The shortest example is the simplest one.
      const isShorter = known === undefined || request.length < known.example.request.length;
      const example = isShorter ? { caller: callers.find(name => name.includes('/')) ?? callers[0], request } : known.example;
      const group = { change, callers, example, combinations: known?.combinations ?? new Set<number>() };
      groups.set(key, group);
      group.combinations.add(combination);
    }
  }
  return { changes: merged([...groups.values()], tried), isWhole: tried.isWhole && isDecided, named };
}

function inWords({ outcome, status, why }: AccessVerdict): string {
  if (outcome === 'allowed') return why || 'allowed, as no policy decides';
  return `${outcome}${status === undefined ? '' : ` with ${status}`}: ${why}`;
}

/** Changes of several callers with the same requests as one. */
function merged(groups: readonly Group[], { calls, words }: TriedCalls): AccessChange[] {
  const all = [...new Set(calls.flatMap(({ names }) => names))];
  const changes = new Map<string, AccessChange>();
  for (const { change, callers: own, example, combinations } of groups) {
    const { requests, areExamples } = words.of(combinations);
    const key = JSON.stringify([change, requests]);
    const known = changes.get(key);
    const { before, after, ...place } = change;
    const callers = [...known?.callers ?? [], ...own];
    const what = { ...place, callers, requests, ...areExamples && { areExamples: true as const } };
    changes.set(key, { ...what, example: known?.example ?? example, before, after });
  }
  const named = [...changes.values()].map(change => ({ ...change, callers: callerNames(change.callers, all) }));
  return named.sort((a, b) => Number(b.isAllowed) - Number(a.isAllowed));
}
