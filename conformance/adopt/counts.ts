import type { AdoptedSet } from './adopted-set';
import { describeObject } from '../../src/manifest/kubernetes-object';

/** How many VirtualServices are written as constructs, and why the others stay plain. */
export interface AdoptionCounts {
  readonly all: number;
  readonly lifted: number;
  /** By reason, without the names in it; the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, objects: readonly string[]])[];
}

/** A reason without the names, numbers and hosts in it. */
function withoutNames(reason: string): string {
  return reason.replace(/'[^']*'/g, '…').split(' ').map(word => (/[.\d/*]./.test(word) ? '…' : word)).join(' ');
}

export function countAdopted(sets: readonly AdoptedSet[]): AdoptionCounts {
  const all = sets.flatMap(({ adoption }) => adoption.units.flatMap(({ unit }) => unit.objects.filter(({ kind }) => kind === 'VirtualService')));
  const kept = sets.flatMap(({ name, adoption }) => adoption.units.flatMap(({ lifted }) => (
    lifted.kept.filter(({ object }) => object.kind === 'VirtualService').map(({ object, reason }) => ({ text: `${name}: ${describeObject(object)}`, reason })))));
  const reasons = new Map<string, string[]>();
  for (const { text, reason } of kept) {
    const masked = withoutNames(reason);
    reasons.set(masked, [...reasons.get(masked) ?? [], text]);
  }
  return {
    all: all.length,
    lifted: all.length - kept.length,
    reasons: [...reasons].sort(([, a], [, b]) => b.length - a.length),
  };
}
