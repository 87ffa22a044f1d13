import { update, versionDifferences } from './istio-versions';
import { seedFacts } from './seed-facts';
import { describeDifference, differences } from '../../conformance/difference';
import { readGolden } from '../../conformance/golden';
import type { Json } from '../../conformance/istiod/client';

const answered = ({ step, place }: typeof seedFacts[number]): Json => place.find(readGolden(`coolstore-${step}`)!.answer[place.proxy]);

describe('istiod translates our steps to the Envoy configuration that the walk-through shows', () => {
  test.each(seedFacts.map(fact => [`${fact.step}: ${fact.fact} (${fact.place.what})`, fact] as const))('%s', (_, fact) => {
    expect(differences(update(fact.envoy), answered(fact), { part: true }).map(describeDifference)).toEqual([]);
  });
});

describe('each difference between the Istio of the walk-through and the pinned one', () => {
  test.each(versionDifferences)('$id: $why', ({ id }) => {
    const others = versionDifferences.filter(d => d.id !== id);
    const failing = seedFacts.filter(fact => differences(update(fact.envoy, others), answered(fact), { part: true }).length > 0);
    expect(failing.length).toBeGreaterThan(0);
  });
});
