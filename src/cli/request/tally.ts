import { describeDestination, destinationOf } from '../../diff/destination';
import type { Decision } from '../../simulator/decision';
import { seeded } from '../../simulator/load/random';

/** How many of several requests had the same outcome. */
export interface Tally {
  readonly what: string;
  readonly count: number;
}

/** Sends a request many times and draws what Envoy draws: the destination of a split, faults, mirrors. */
export function tallyOf(decision: Decision, count: number, seed: number): Tally[] {
  const draw = seeded(seed);
  const met = (percent: number) => draw() * 100 < percent;
  const counts = new Map<string, number>();
  const add = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (let i = 0; i < count; i++) {
    const { fault } = decision;
    if (fault?.delay && met(fault.delay.percent)) add(`delayed by ${fault.delay.ms} ms`);
    if (fault?.abort && met(fault.abort.percent)) {
      add(`answered by a fault with ${fault.abort.status}`);
      continue;
    }
    add(whereTo(decision, draw));
    for (const mirror of decision.mirrors) {
      if (met(mirror.percent)) add(`mirrored to ${describeDestination(destinationOf(mirror.cluster))}`);
    }
  }
  return [...counts].map(([what, n]) => ({ what, count: n })).sort((a, b) => b.count - a.count);
}

function whereTo({ split, outcome, status }: Decision, draw: () => number): string {
  if (split.length === 0) return status === undefined ? outcome : `${outcome}, ${status}`;
  let lot = draw() * 100;
  const share = split.find(({ percent }) => (lot -= percent) < 0) ?? split[split.length - 1];
  const reached = share.reception === 'routed' ? '' : ` (${share.reception})`;
  return `to ${describeDestination(destinationOf(share.cluster))}${reached}`;
}
