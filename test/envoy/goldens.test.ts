import { cases } from '../../conformance/cases';
import { describeDifference } from '../../conformance/difference';
import { readGolden } from '../../conformance/golden';
import { mismatches, ourAnswers, RESOURCES } from '../../conformance/translation';

/** Both sides of each proxy of a case: istiod's answer as it is kept, and ours to the same manifests. */
function answers(it: typeof cases[number]) {
  const golden = readGolden(it.name)!;
  const ours = ourAnswers({ ...it, manifests: golden.input });
  return it.proxies.map(({ name }) => ({ proxy: name, istiod: golden.answer[name], ours: ours.get(name) }));
}

describe.each(cases.map(it => [it.name, it] as const))('%s', (_, it) => {
  test.each(RESOURCES)('its proxies get the %s that istiod sends', resource => {
    const wrong = answers(it).flatMap(({ proxy, istiod, ours }) =>
      mismatches(resource, istiod, ours).map(each => `${proxy}: ${describeDifference(each)}`),
    );
    expect(wrong).toEqual([]);
  });
});
