import type { AlwaysFields, TargetFields } from './invariant';
import type { Place, Target } from './target';
import type { Route } from '../envoy/xds/route';
import { parseDuration } from '../manifest/duration';
import type { Destination } from '../simulator/clusters';
import type { Decision } from '../simulator/decision';
import type { RoutePlan } from '../simulator/route-plan';

/** What a row of a table does with its requests; a row without a route answers 404. */
export interface RowOutcome {
  readonly route?: Route;
  readonly plan?: RoutePlan;
}

/** Which requests of a row break a claim: all, those that pods let through, or those that pods deny. */
export type Breach = 'every request' | { readonly letThrough: Destination } | { readonly denied: Destination };

/** A claim about all requests. */
export interface Claim {
  /** What it demands, as the part of a sentence after `expected`. */
  readonly words: string;
  /** The destinations that it names. */
  readonly targets: readonly Target[];
  /** The destination that no request may reach. Undefined for other claims. */
  readonly forbidden?: Target;
  /** The destination that gets no request, or only a share of them. Undefined for other claims. */
  readonly limited?: Target;
  /** Whether a request may have a header several times. */
  readonly countsRepeats: boolean;
  breaches(outcome: RowOutcome): readonly Breach[];
  isBroken(decision: Decision): boolean;
}

/** No request reaches a destination, not even as a copy. */
export function neverReaches(target: Target): Claim {
  return {
    words: `no request to reach ${target.words}`,
    targets: [target],
    forbidden: target,
    limited: target,
    countsRepeats: true,
    breaches: outcome => destinationsOf(outcome).filter(target.takes).map(letThrough => ({ letThrough })),
    isBroken: decision => reached(decision).some(target.takes),
  };
}

/** Where a route sends requests and copies of them. */
export function destinationsOf({ plan }: RowOutcome): readonly Destination[] {
  if (plan === undefined || plan.fault?.abort?.percent === 100) return [];
  return [...plan.split, ...plan.mirrors.filter(({ percent }) => percent > 0)].filter(({ reception }) => reception !== 'blocked');
}

/** The destinations that get a request or a copy of it. */
export function reached({ outcome, split, mirrors, place, request }: Decision): readonly Place[] {
  if (outcome !== 'routed' && outcome !== 'passed through') return [];
  const copies = mirrors.filter(mirror => mirror.percent > 0 && mirror.reception === 'routed'
    && [undefined, 'allowed'].includes(place.takes?.(mirror, request)?.outcome));
  return [...split.filter(({ reception }) => reception === 'routed' || reception === 'passed through'), ...copies];
}

/** Every request reaches a destination. */
export function alwaysReaches(target: Target): Claim {
  return {
    words: `every request to reach ${target.words}`,
    targets: [target],
    countsRepeats: false,
    breaches: ({ plan }) => {
      const split = plan?.split ?? [];
      const isWhole = split.length > 0 && split.every(share => share.reception === 'routed' && target.takes(share));
      return isWhole && plan?.fault?.abort === undefined ? split.map(denied => ({ denied })) : ['every request'];
    },
    // A preflight that a proxy answers reaches no service, wherever the route leads.
    isBroken: ({ outcome, split, fault }) => outcome !== 'preflight answered'
      && !(outcome === 'routed' && fault?.abort === undefined && split.every(share => share.reception === 'routed' && target.takes(share))),
  };
}

/** A claim about the routes of all requests that are routed. */
function ofRouted(words: string, isWrong: (plan: Plan) => boolean, targets: readonly Target[] = []): Claim {
  return {
    words,
    targets,
    countsRepeats: false,
    breaches: ({ plan }) => {
      if (plan === undefined || plan.fault?.abort?.percent === 100 || !isWrong(plan)) return [];
      return plan.split.map(letThrough => ({ letThrough }));
    },
    isBroken: decision => decision.outcome === 'routed' && isWrong(decision),
  };
}

/** What a claim reads, both of a route and of the decision about a request. */
type Plan = Pick<RoutePlan, 'split' | 'timeoutMs' | 'retry'>;

function ofTimeout(atMost: string): Claim {
  const limit = parseDuration(atMost)! / 1e6;
  return ofRouted(`every request to time out after at most ${atMost}`, ({ timeoutMs = Infinity }) => timeoutMs > limit);
}

function ofRetries(atMost: number): Claim {
  return ofRouted(`every request to be retried at most ${atMost} ${atMost === 1 ? 'time' : 'times'}`, ({ retry }) => (retry?.attempts ?? 0) > atMost);
}

function ofShare(target: Target, atMost: number, atLeast: number): Claim {
  const bounds = [...(atLeast > 0 ? [`at least ${atLeast} %`] : []), ...(atMost < 100 ? [`at most ${atMost} %`] : [])].join(' and ');
  const claim = ofRouted(`the route of every request to send ${bounds || 'any share'} to ${target.words}`, ({ split }) => {
    const percent = split.filter(target.takes).reduce((sum, share) => sum + share.percent, 0);
    return percent > atMost + 1e-9 || percent < atLeast - 1e-9;
  }, [target]);
  return atMost < 100 ? { ...claim, limited: target } : claim;
}

/** What an invariant demands of every request. `find` finds destinations. */
export function claimsOf({ reach, timeout, retries, share }: AlwaysFields, find: (fields: TargetFields) => Target): Claim[] {
  return [
    ...(reach ? [alwaysReaches(find(reach))] : []),
    ...(timeout ? [ofTimeout(timeout.atMost)] : []),
    ...(retries ? [ofRetries(retries.atMost)] : []),
    ...(share ? [ofShare(find(share.to), share.atMost ?? 100, share.atLeast ?? 0)] : []),
  ];
}
